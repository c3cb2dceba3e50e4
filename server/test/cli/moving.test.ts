/** A tenant leaves by one file and arrives by it, next to itself; another is erased. Against a server that runs. */

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '#cli/commands.ts'
import { listenForCommands } from '#cli/control-socket.ts'
import { Refusal } from '#domain/refusal.ts'
import { everyEventSealed } from '../every-event-sealed.ts'
import { ran } from '../restore/restartable-world.ts'
import {
  clientToken,
  engineNames,
  giveAuthenticator,
  givePassword,
  giveToken,
  hotpOf,
  makeUser,
  otp,
  response,
  startWorld,
  token,
  type World,
} from '../world.ts'

const SUITE = 'OCRA-1:HOTP-SHA1-8:QA64'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let socket: Server
  let bearer: string
  const file = (name: string) => join(world.home, name)
  const run = (...words: string[]) => ran(words, world.environment)

  beforeAll(async () => {
    world = await startWorld(engine)
    socket = await listenForCommands(world.home, async ({ words, given }) => {
      const command = commands.find(one => one.words === words)
      if (command?.runs !== 'in the office') return { refused: 'no command of a server' }
      return command.run(given, world.office).then(
        report => ({ report }),
        (error: unknown) => (error instanceof Refusal ? { refused: error.hint } : { broken: String(error) }),
      )
    })
    bearer = await clientToken(world)
    writeFileSync(file('pass'), 'correct horse battery staple\n', { mode: 0o600 })
    writeFileSync(file('other'), 'correct horse battery stapler\n', { mode: 0o600 })
  })
  afterAll(async () => {
    socket.close()
    await world.close()
  })

  test('passwords, keys, used codes and clients arrive; secrets stand nowhere in the file', async () => {
    const event = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, event.id)
    const key = await giveToken(world, bearer, event.id, 'DT_POCK_OE')
    const signer = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, signer.id)
    const signing = await giveToken(world, bearer, signer.id, 'DT_POCK_TD')
    const person = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, person.id)
    const sign = () =>
      otp(world, bearer, signer.name, response(signing.seed, '1*2*3', SUITE), {
        mode: 'SIGNING',
        device_id: signing.deviceId,
        context: 'sign1:1:false sign2:2:false sign3:3:true',
      })
    expect((await otp(world, bearer, event.name, hotpOf(key.seed, 0))).status).toBe(200)
    expect((await sign()).status).toBe(200)
    await everyEventSealed(world)

    const exported = await run('tenant', 'export', 'demo', file('demo.jsonl'), '--passphrase-file', file('pass'))
    expect(exported.text).toMatch(/rows, [1-9]\d* lines of its audit/)
    expect(statSync(file('demo.jsonl')).mode & 0o777).toBe(0o600)
    const text = readFileSync(file('demo.jsonl'), 'utf8')
    for (const form of ['hex', 'base64', 'base64url'] as const) expect(text).not.toContain(key.seed.toString(form))
    expect(text).not.toContain(password)
    expect(text).toContain('\\"leaf\\"')

    const wrong = await run('tenant', 'import', file('demo.jsonl'), '--passphrase-file', file('other'), '--as', 'copy')
    expect(wrong).toEqual({ code: 1, text: 'The pass phrase is not that of the file, or the file was changed.' })
    const imported = await run(
      'tenant',
      'import',
      file('demo.jsonl'),
      '--passphrase-file',
      file('pass'),
      '--as',
      'copy',
    )
    expect(imported.text).toContain('Tenant copy is there')

    const copy: World = { ...world, demo: { ...world.demo, tenant: 'copy' } }
    const own = await clientToken(copy)
    expect(own).toMatch(/^.{40}$/)
    expect((await otp(copy, bearer, event.name, hotpOf(key.seed, 1))).status, 'a token of the other tenant').toBe(401)
    expect((await otp(copy, own, event.name, hotpOf(key.seed, 0))).status).toBe(400)
    expect((await otp(copy, own, event.name, hotpOf(key.seed, 1))).status).toBe(200)
    const fields = { grant_type: 'password', username: person.name, password, authType: 'AT_STDPWD' }
    expect((await token(copy, fields, { authorization: `Bearer ${own}` })).status).toBe(200)
    const again = { mode: 'SIGNING', device_id: signing.deviceId, context: 'sign1:1:false sign2:2:false sign3:3:true' }
    expect((await otp(copy, own, signer.name, response(signing.seed, '1*2*3', SUITE), again)).status).toBe(400)
    expect((await makeUser(copy, own)).id).not.toBe((await makeUser(world, bearer)).id)
    expect((await run('verify')).text).toMatch(/^Clean/)
  })

  test('a file that was changed, cut or joined is refused and leaves nothing', async () => {
    const lines = readFileSync(file('demo.jsonl'), 'utf8').trimEnd().split('\n')
    const spoiled = {
      changed: lines.map(line => line.replace('"active":1', '"active":0')),
      cut: lines.slice(0, -1),
      dropped: lines.filter((_, n) => n !== 5),
      joined: [...lines, lines[5] ?? ''],
      foreign: ['{"countersign":"tenant","format":99}', ...lines.slice(1)],
      empty: [],
    }
    for (const [name, content] of Object.entries(spoiled)) {
      writeFileSync(file(name), content.join('\n'))
      const { code, text } = await run(
        'tenant',
        'import',
        file(name),
        '--passphrase-file',
        file('pass'),
        '--as',
        'spoiled',
      )
      expect({ name, code, text }).toEqual({ name, code: 1, text: expect.stringMatching(/changed|cannot be taken in/) })
    }
    expect((await run('tenant', 'list')).text).not.toContain('spoiled')
  })

  test('what an erased tenant had is gone, its audit still verifies, its number is not used again', async () => {
    const copy: World = { ...world, demo: { ...world.demo, tenant: 'copy' } }
    const own = await clientToken(copy)
    const { text } = await run('tenant', 'erase', 'copy', '--yes', '--json')
    const { number } = JSON.parse(text) as { number: number }
    await new Promise(later => setTimeout(later, 2100)) // a kept tenant serves reads for two seconds
    expect((await otp(copy, own, 'x', '000000')).status).toBe(404)
    const made = JSON.parse((await run('tenant', 'create', 'copy', '--json')).text) as { tenant: string }
    expect(made.tenant).toBe('copy')
    const list = JSON.parse((await run('tenant', 'list', '--json')).text) as {
      number: number
      name: string
      status: string
    }[]
    expect(list.find(one => one.name === `copy~${number}`)?.status).toBe('ERASED')
    expect(list.find(one => one.name === 'copy')?.number).toBeGreaterThan(number)
    expect((await run('verify')).text).toMatch(/^Clean/)
    expect((await run('audit', 'verify')).code).toBe(0)
  })

  test('a backup is made while the server runs, and a restore waits until it does not', async () => {
    expect((await run('backup', file('running.backup'))).code).toBe(0)
    const refused = await run('restore', file('running.backup'), '--yes')
    expect(refused.code).toBe(1)
    expect(refused.text).toMatch(
      engine === 'SQLite' ? /in use by another server.*Stop that server first/ : /The database is not empty/,
    )
  })
})
