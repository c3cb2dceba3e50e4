/** `countersign verify` finds what it promises to find: each rule is broken once, by hand, in the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verify } from '#cli/verify.ts'
import type { Query, Unit } from '#domain/ports/store.ts'
import {
  clientToken,
  engineNames,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  startWorld,
  type World,
} from '../world.ts'

const raw = (text: string, ...values: readonly unknown[]): Query => ({
  name: `t_${Buffer.from(text).toString('base64url')}`.slice(0, 60) + text.length,
  text,
  values,
})

describe.each(engineNames)('on %s', engine => {
  let world: World
  let user: number
  let device: number
  let tenant: number

  beforeAll(async () => {
    world = await startWorld(engine)
    const bearer = await clientToken(world)
    const made = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, made.id)
    await givePassword(world, bearer, made.id)
    const token = await giveToken(world, bearer, made.id)
    user = Number(made.id)
    device = Number(token.deviceId)
    tenant = (await world.office.directory.find('demo'))?.number ?? 0
  })
  afterAll(() => world.close())

  const found = async () => {
    const { data, exit } = await verify.run({ words: [], flags: {} }, world.office)
    const { findings } = data as { findings: { table: string; sentence: string }[] }
    expect(exit).toBe(findings.length > 0 ? 1 : 0)
    return findings.map(({ table }) => table)
  }
  const change = (...queries: Query[]) =>
    world.ground.store.write(tenant, function* (): Unit<void> {
      yield queries
    })

  test('nothing in a store that only units of work have written', async () => {
    expect(await found()).toEqual([])
  })

  const rules: [string, string, () => [Query, Query]][] = [
    [
      'more forgiven than started',
      'authenticator_state',
      () => [
        raw(
          'update authenticator_state set forgiven = started + 5 where tenant_number = ?1 and user_id = ?2',
          tenant,
          user,
        ),
        raw('update authenticator_state set forgiven = 0 where tenant_number = ?1 and user_id = ?2', tenant, user),
      ],
    ],
    [
      'attempts of nobody',
      'user_state',
      () => [
        raw('insert into user_state (tenant_number, user_id, started, forgiven) values (?1, 77, 0, 0)', tenant),
        raw('delete from user_state where tenant_number = ?1 and user_id = 77', tenant),
      ],
    ],
    [
      'a name of nobody',
      'login_name',
      () => [
        raw("insert into login_name (tenant_number, name_key, user_id) values (?1, 'nobody', 77)", tenant),
        raw("delete from login_name where tenant_number = ?1 and name_key = 'nobody'", tenant),
      ],
    ],
    [
      'a role of nobody',
      'user_role',
      () => [
        raw("insert into user_role (tenant_number, user_id, role) values (?1, 77, 'RL_X')", tenant),
        raw('delete from user_role where tenant_number = ?1 and user_id = 77', tenant),
      ],
    ],
    [
      'a device of nobody',
      'device',
      () => [
        raw('update device set owner_id = 77 where tenant_number = ?1 and id = ?2', tenant, device),
        raw('update device set owner_id = ?3 where tenant_number = ?1 and id = ?2', tenant, device, user),
      ],
    ],
    [
      'a counter below zero',
      'credential_state',
      () => [
        raw('update credential_state set next = next - 900000000 where tenant_number = ?1', tenant),
        raw('update credential_state set next = next + 900000000 where tenant_number = ?1', tenant),
      ],
    ],
    [
      'a total that is not the number of rows',
      'tenant_counter',
      () => [
        raw("update tenant_counter set total = total + 1 where tenant_number = ?1 and noun = 'device'", tenant),
        raw("update tenant_counter set total = total - 1 where tenant_number = ?1 and noun = 'device'", tenant),
      ],
    ],
    [
      'a session without its event',
      'session',
      () => [
        raw('update session set event_id = event_id + 1 where tenant_number = ?1', tenant),
        raw('update session set event_id = event_id - 1 where tenant_number = ?1', tenant),
      ],
    ],
    [
      'rows of no tenant',
      'user_role',
      () => [
        raw("insert into user_role (tenant_number, user_id, role) values (900, 77, 'RL_X')"),
        raw('delete from user_role where tenant_number = 900'),
      ],
    ],
    [
      'an id above the next one',
      'user_account',
      () => [
        raw('update tenant set next_id = next_id - 100000 where tenant_number = ?1', tenant),
        raw('update tenant set next_id = next_id + 100000 where tenant_number = ?1', tenant),
      ],
    ],
  ]
  test.each(rules)('%s', async (_, table, make) => {
    const [broken, mended] = make()
    await change(broken)
    expect(new Set(await found())).toContain(table)
    await change(mended)
    expect(await found()).toEqual([])
  })

  test('a secret that was copied from another key does not open', async () => {
    await change(
      raw(
        'update credential set secret = (select c.secret from credential c where c.tenant_number = ?1 and c.device_id <> ?2 order by c.id limit 1) where tenant_number = ?1 and device_id = ?2',
        tenant,
        device,
      ),
    )
    expect(await found()).toEqual(['credential'])
  })
})
