/** What becomes of codes and registrations: a restore ends codes, a sweep takes expired ones, registrations move with their tenant. */
import { writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sweepExpired } from '#administration/expiry-sweep.ts'
import { backup } from '#cli/backup.ts'
import { commands } from '#cli/commands.ts'
import { listenForCommands } from '#cli/control-socket.ts'
import { Inbox } from '#cli/inbox.ts'
import { rowsOf } from '#domain/ports/store.ts'
import { approvalQueries } from '#storage/approval.ts'
import { expiryQueries } from '#storage/expiry.ts'
import { loginQueries } from '#storage/login.ts'
import { oobQueries } from '#storage/oob.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { sql } from '#storage/sql.ts'
import { tenantQueries } from '#storage/tenant.ts'
import { everyEventSealed } from '../every-event-sealed.ts'
import { ran, restartableWorld } from '../restore/restartable-world.ts'
import { clientToken, engineNames, scim, token, type World } from '../world.ts'
import { ask, makePerson, newest, type OobWorld, type Person, register, send, startOob } from './people.ts'

const givenBy = async (world: World): Promise<OobWorld> => ({
  world,
  bearer: await clientToken(world),
  inbox: new Inbox(),
})

/** A code that is handed to the test. */
async function handed({ world, bearer }: OobWorld, { name }: Person): Promise<string> {
  const wanted = { grant_type: 'api_otp', username: name, authType: 'AT_OOB' }
  const { body, text } = await token(world, wanted, { authorization: `Bearer ${bearer}` })
  if (typeof body.otp !== 'string') throw new Error(`no code: ${text}`)
  return body.otp
}

test.each(engineNames)(
  'O7: on %s: a restore ends open codes; who was registered still is',
  { timeout: 120_000 },
  async engine => {
    const place = await restartableWorld(engine)
    let given = await givenBy(await place.start())
    const person = await makePerson(given)
    await register(given, person, { activationCode: 'stays' })
    const code = await handed(given, person)
    const file = join(place.home, 'copy.backup')
    await backup.run({ words: [file], flags: {} }, given.world.office)
    await everyEventSealed(given.world)
    await given.world.close()
    await place.renewDatabase()
    expect((await place.run('restore', file, '--yes')).code).toBe(0)
    given = await givenBy(await place.start())
    expect((await ask(given, person.name, code)).status).toBe(400)
    expect((await send(given, person, 'stays')).status).toBe(200)
    expect((await ask(given, person.name, await handed(given, person))).status).toBe(200)
    await given.world.close()
    await place.remove()
  },
)

test('a tenant takes its registrations along, activation codes sealed anew; open codes stay behind', {
  timeout: 60_000,
}, async () => {
  const given = await startOob()
  const { world } = given
  const socket: Server = await listenForCommands(world.home, async ({ words, given: rest }) => {
    const command = commands.find(one => one.words === words)
    if (command?.runs !== 'in the office') return { refused: 'no command of a server' }
    return command.run(rest, world.office).then(
      report => ({ report }),
      (error: unknown) => ({ broken: String(error) }),
    )
  })
  const person = await makePerson(given)
  await register(given, person, { activationCode: 'moves-along' })
  const code = await handed(given, person)
  const [pass, file] = [join(world.home, 'pass'), join(world.home, 'demo.jsonl')]
  writeFileSync(pass, 'correct horse battery staple\n', { mode: 0o600 })
  await everyEventSealed(world)
  await ran(['tenant', 'export', 'demo', file, '--passphrase-file', pass], world.environment)
  const imported = await ran(['tenant', 'import', file, '--passphrase-file', pass, '--as', 'copy'], world.environment)
  expect(imported.text).toContain('Tenant copy is there')
  const copy = await givenBy({ ...world, demo: { ...world.demo, tenant: 'copy' } })
  expect((await ask(copy, person.name, code)).status).toBe(400)
  expect((await send(copy, person, 'moves-alonG')).status).toBe(400)
  expect((await send(copy, person, 'moves-along')).status).toBe(200)
  expect((await ask(copy, person.name, await newest(given, person.mobile))).status).toBe(200)
  expect((await ran(['verify'], world.environment)).text).toMatch(/^Clean/)
  socket.close()
  await world.close()
})

test('expired codes are swept; of a person who was erased no address is left in the audit', async () => {
  const given = await startOob()
  const { world } = given
  const person = await makePerson(given)
  await register(given, person)
  await send(given, person)
  await newest(given, person.mobile)
  world.pass(2 * 3600)
  await sweepExpired(
    {
      ...world.ground,
      tenants: tenantQueries,
      rows: expiryQueries,
      approvals: approvalQueries,
      logins: loginQueries,
      oob: oobQueries,
      outbox: outboxQueries,
    },
    new AbortController().signal,
  )
  const tenant = await world.office.directory.find(world.demo.tenant)
  if (!tenant) throw new Error('no tenant')
  const left = await world.ground.store.read(tenant.number, () => rowsOf(sql`select id from oob_code`))
  expect(left).toEqual([])
  expect((await scim(world, await clientToken(world), 'DELETE', `/Users/${person.id}`)).status).toBe(204)
  await world.office.erasePerson(tenant, Number(person.id))
  await everyEventSealed(world)
  const kept = await world.ground.store.read(tenant.number, () =>
    rowsOf(
      sql<{
        text: string
      }>`select value as "text" from audit_personal union all select body as "text" from audit_event`,
    ),
  )
  expect(kept.length).toBeGreaterThan(5)
  for (const address of [person.mobile, person.email]) expect(JSON.stringify(kept)).not.toContain(address)
  await world.close()
})
