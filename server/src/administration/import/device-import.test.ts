/** The plan of writing, over a store that keeps committed state apart from a unit's own, as the engines do. */
import { beforeEach, describe, expect, test } from 'vitest'
import { DeviceImport, type ImportRequest } from '#administration/import/device-import.ts'
import type { ImportNeeds } from '#administration/import/needs.ts'
import { buildConfiguration, type Configuration } from '#domain/configuration.ts'
import type { AuditEvent } from '#domain/event.ts'
import type { ImportRow, StagedCredential } from '#domain/ports/import-queries.ts'
import type { Query, Store, Unit } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

interface State {
  jobs: Map<number, ImportRow>
  staged: { importId: number; row: StagedCredential }[]
  devices: Map<string, StagedCredential[]>
  events: AuditEvent[]
}

let state: State
let biggestUnit: number
let nextId: number
let now: number
let breakAt: string | undefined
let sealedPlaces: string[]

const query = <Row>(name: string, run: (draft: State) => Row[]): Query<Row> => ({ name, text: '', values: [run] })

const change = <Row>(name: string, run: (draft: State) => unknown): Query<Row> =>
  query<Row>(name, draft => {
    run(draft)
    return []
  })

function execute<T>(unit: () => Unit<T>, draft: State): T {
  const steps = unit()
  let statements = 0
  let turn = steps.next()
  while (!turn.done) {
    statements += turn.value.length
    const rows = turn.value.map(({ name, values }) => {
      if (name === breakAt) throw new Fault('the store is gone')
      return (values[0] as (draft: State) => unknown[])(draft)
    })
    turn = steps.next(rows)
  }
  biggestUnit = Math.max(biggestUnit, statements)
  return turn.value
}

const store: Store = {
  read: async (_, unit) => execute(unit, structuredClone(state)),
  async write(_, unit) {
    const draft = structuredClone(state)
    const value = execute(unit, draft)
    state = draft
    return value
  },
}

const needs: ImportNeeds = {
  store,
  clock: { now: () => now },
  recorder: {
    record: (_, event) => ({ id: 1, queries: [change('event', draft => draft.events.push(event))] }),
  },
  tellFault: error => expect.unreachable(String(error)),
  ids: { next: async (_, count) => Array.from({ length: count }, () => nextId++) },
  queries: {
    begin: (_, job) => change('begin', draft => draft.jobs.set(job.id, job)),
    findImport: (_, id) => query('findImport', draft => [...draft.jobs.values()].filter(job => job.id === id)),
    pending: (_, before) =>
      query('pending', ({ jobs }) =>
        [...jobs.values()].filter(job => job.status === 'PENDING' && job.createdAt < before),
      ),
    existing: (_, type, ids) =>
      query('existing', ({ devices }) =>
        ids.filter(id => devices.has(`${type} ${id.toLowerCase()}`)).map(externalId => ({ externalId })),
      ),
    stage: (_, importId, rows) => rows.map(row => change('stage', draft => draft.staged.push({ importId, row }))),
    collisions: (_, importId) =>
      query('collisions', draft => [
        { total: mine(draft, importId).filter(row => draft.devices.has(keyOf(row))).length },
      ]),
    flip: (_, importId) => [
      query('flip', draft => {
        for (const row of mine(draft, importId))
          draft.devices.set(keyOf(row), [...(draft.devices.get(keyOf(row)) ?? []), row])
        draft.staged = draft.staged.filter(one => one.importId !== importId)
        return []
      }),
    ],
    discard: (_, importId) => [
      change('discard', draft => {
        draft.staged = draft.staged.filter(one => one.importId !== importId)
      }),
    ],
    settle: (_, job) =>
      query('settle', draft => {
        if (draft.jobs.get(job.id)?.status !== 'PENDING') return []
        draft.jobs.set(job.id, job)
        return [{ id: job.id }]
      }),
  },
}

const mine = (draft: State, importId: number) =>
  draft.staged.filter(one => one.importId === importId).map(one => one.row)
const keyOf = (row: StagedCredential) => `${row.deviceType} ${row.externalId.toLowerCase()}`

const settings = { hash: 'SHA1', digits: 6, step_seconds: 0, window: 9, resync_window: 99, joiner: '' } as const
const common = { readOnly: true, factor: 'oath', name: '' } as const
const deviceType = (code: string, ...types: [string, ...string[]]) => {
  const token = { formFactor: 'TOKEN', challengeLength: 8, syncLength: 6, asyncLength: 6, supportsUnlock: false }
  const method = types.length > 1 ? ('BOTH' as const) : ('SYNCHRONOUS' as const)
  const allowed = { defaultCredentialType: types[0], allowedCredentialTypes: types, maximumDevicePerUser: -1 }
  return { code, name: code, readOnly: true, ...allowed, token: { ...token, supportsSynch: 'SUPPORT_ALL', method } }
}
const suite = 'OCRA-1:HOTP-SHA1-6:QN08'
const none: never[] = []
const unused = {
  ...{ policies: none, channels: none, groups: none, roles: none, permissionSets: none, attributeTypes: none },
  ...{
    gateways: none,
    callbackRules: none,
    mailGateways: none,
    cardApplications: none,
    smsGateways: none,
    messageTemplates: none,
  },
  ...{ workflows: none, themes: none, corsRules: none, fidoPolicies: none },
}
const configuration: Configuration = buildConfiguration({
  ...unused,
  deviceTypes: [deviceType('DT_E', 'CT_E'), deviceType('DT_EC', 'CT_E', 'CT_C'), deviceType('DT_PUSH', 'CT_PUSH')],
  credentialTypes: [
    { ...common, code: 'CT_E', settings: { ...settings, algorithm: 'HOTP', use: 'otp' } },
    { ...common, code: 'CT_C', settings: { ...settings, algorithm: 'OCRA', use: 'challenge', suite } },
  ],
  absences: [{ code: 'DT_AT', name: 'AT', algorithm: 'AT' }],
})
const tenant: Tenant = {
  number: 7,
  name: 'demo',
  version: 1,
  configuration,
  sealer: {
    seal(place, plain) {
      sealedPlaces.push(`${place.table}.${place.column}.${place.row}`)
      return Uint8Array.from(plain, byte => byte ^ 0xff)
    },
    unseal: (_, sealed) => sealed,
  },
}
const actor = { kind: 'operator' } as const
const HEX = '31'.repeat(20)
const good = (count: number) => Array.from({ length: count }, (_, n) => `T${n},HOTP,${HEX},${n}`)
const request = (rows: string[], more: Partial<ImportRequest> = {}): ImportRequest => ({
  content: new TextEncoder().encode(['serial,algorithm,seed_hex,counter', ...rows].join('\n')),
  deviceType: 'DT_E',
  ...more,
})

beforeEach(() => {
  state = { jobs: new Map(), staged: [], devices: new Map(), events: [] }
  biggestUnit = 0
  nextId = 100
  now = 1_800_000_000_000
  breakAt = undefined
  sealedPlaces = []
})

describe('all or nothing', () => {
  test('a good file: devices, sealed secrets, one event, units within their bound', async () => {
    const { job, devices } = await new DeviceImport(needs).run(tenant, request(good(130)), actor)
    expect(job).toMatchObject({ status: 'SUCCESS', deviceCount: 130, problemCount: 0, finishedAt_ms: now })
    expect(devices).toHaveLength(130)
    expect(state.staged).toEqual([])
    expect(state.devices.size).toBe(130)
    const [row] = state.devices.get('DT_E t5-1') ?? []
    expect(row).toMatchObject({ externalId: 'T5-1', status: 'ACTIVE', startAt: now, expiryAt: null, next: 5 })
    expect(row?.secret[0]).toBe(0x31 ^ 0xff)
    expect(sealedPlaces[0]).toMatch(/^credential\.secret\.\d+$/)
    expect(state.events).toMatchObject([
      { action: 'importDevices', result: 'SUCCESS', parameters: { DTC: 'DT_E', TEXT2: 130 } },
    ])
    expect(biggestUnit).toBeLessThanOrEqual(60)
  })

  test('BOTH: two credentials per device, sealed each for its own row', async () => {
    const { devices } = await new DeviceImport(needs).run(tenant, request(good(2), { deviceType: 'DT_EC' }), actor)
    expect(devices).toHaveLength(2)
    const rows = [...state.devices.values()].flat()
    expect(rows.map(row => row.credentialType)).toEqual(['CT_E', 'CT_C', 'CT_E', 'CT_C'])
    expect(new Set(sealedPlaces).size).toBe(4)
  })

  test('one bad row, one double and one that exists: nothing is made, each is named', async () => {
    const imports = new DeviceImport(needs)
    await imports.run(tenant, request([`Old,HOTP,${HEX},0`]), actor)
    const rows = [...good(3), 'bad,HOTP,zz,0', `old,HOTP,${HEX},0`, `x,slot`, `T0,HOTP,${HEX},0`]
    const { job, devices } = await imports.run(tenant, request(rows), actor)
    expect(job.status).toBe('FAILED')
    expect(job.problems.map(({ row, code }) => [row, code])).toEqual([
      [5, 'secret_form'],
      [6, 'exists'],
      [7, 'columns'],
      [8, 'duplicate'],
    ])
    expect(devices).toEqual([])
    expect(state.devices.size).toBe(1)
    expect(state.events.at(-1)).toMatchObject({ result: 'FAILURE', reason: 'secret_form' })
  })

  test('the same external id in other letters is the same device', async () => {
    const { job } = await new DeviceImport(needs).run(tenant, request([`a,HOTP,${HEX},0`, `A,HOTP,${HEX},0`]), actor)
    expect(job.problems).toMatchObject([{ row: 3, code: 'duplicate' }])
  })

  test('partial imports the good rows and still names the bad ones', async () => {
    const { job } = await new DeviceImport(needs).run(
      tenant,
      request([...good(2), 'bad,HOTP,zz,0'], { partial: true }),
      actor,
    )
    expect(job).toMatchObject({ status: 'SUCCESS', deviceCount: 2, problems: [{ row: 4 }] })
  })

  test('status and expiry are set for all', async () => {
    const more = { status: 'PENDING', expiryAt_ms: now + 1000 } as const
    await new DeviceImport(needs).run(tenant, request(good(1), more), actor)
    expect([...state.devices.values()][0]).toMatchObject([{ status: 'PENDING', expiryAt: now + 1000 }])
    const late = await new DeviceImport(needs).run(tenant, request([`L,HOTP,${HEX},0`], { expiryAt_ms: now }), actor)
    expect(late.job.problems).toMatchObject([{ code: 'dates_in_wrong_order' }])
  })

  test.each(['stage', 'flip', 'event'])(
    'a store that breaks at %s leaves a FAILED job and nothing staged',
    async name => {
      const imports = new DeviceImport(needs)
      breakAt = name
      await expect(imports.run(tenant, request(good(70)), actor)).rejects.toBeInstanceOf(Fault)
      breakAt = undefined
      now += 3_600_001
      expect(await imports.closeAbandoned(tenant.number)).toBe(name === 'event' ? 1 : 0)
      expect([...state.jobs.values()]).toMatchObject([
        { status: 'FAILED', report: expect.stringContaining('interrupted') },
      ])
      expect(state.staged).toEqual([])
      expect(state.devices.size).toBe(0)
    },
  )

  test('a job that was closed meanwhile makes no device', async () => {
    const closed: ImportNeeds = {
      ...needs,
      queries: {
        ...needs.queries,
        collisions: () =>
          query('close', draft => {
            for (const [id, job] of draft.jobs) draft.jobs.set(id, { ...job, status: 'FAILED' })
            return [{ total: 0 }]
          }),
      },
    }
    const { job } = await new DeviceImport(closed).run(tenant, request(good(1)), actor)
    expect(job.status).toBe('FAILED')
    expect(state.devices.size).toBe(0)
  })
})

describe('refusals and jobs', () => {
  test('types that are absent, unknown or hold no OATH key', async () => {
    const run = (deviceType: string) => new DeviceImport(needs).run(tenant, request(good(1), { deviceType }), actor)
    await expect(run('DT_AT')).rejects.toMatchObject({ code: 'algorithm_absent' })
    await expect(run('DT_NONE')).rejects.toMatchObject({ code: 'invalid_value' })
    await expect(run('DT_PUSH')).rejects.toMatchObject({ code: 'unsupported_value' })
  })

  test('asynchronous: PENDING at once, then SUCCESS; an unreadable file becomes a FAILED job', async () => {
    const imports = new DeviceImport(needs)
    const job = await imports.start(tenant, request(good(3)), actor)
    expect(job.status).toBe('PENDING')
    await imports.idle()
    expect(await imports.loadJob(tenant, job.id)).toMatchObject({ status: 'SUCCESS', deviceCount: 3 })
    const other = await imports.start(tenant, { content: new Uint8Array([0]), deviceType: 'DT_E' }, actor)
    await imports.idle()
    const failed = await imports.loadJob(tenant, other.id)
    expect(failed).toMatchObject({ status: 'FAILED', problems: [{ row: 0, where: 'file', code: 'invalid_request' }] })
    await expect(imports.loadJob(tenant, 1)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('H2: at most two imports at once', async () => {
    const imports = new DeviceImport(needs)
    const runs = [1, 2, 3].map(n => imports.run(tenant, request([`P${n},HOTP,${HEX},0`]), actor))
    const outcomes = await Promise.allSettled(runs)
    expect(outcomes.map(outcome => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    await expect(runs[2]).rejects.toMatchObject({ code: 'temporarily_unavailable' })
  })

  test('H1: jobs, events and rows hold no clear secret', async () => {
    await new DeviceImport(needs).run(tenant, request([...good(2), `bad,HOTP,${HEX}zz,0`], { partial: true }), actor)
    const text = JSON.stringify([[...state.jobs], state.events, [...state.devices]], (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    )
    expect(text).not.toContain(HEX.slice(0, 16))
  })
})
