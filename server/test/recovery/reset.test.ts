/** A forgotten password is set anew by what was sent: once, by nobody else, without signing in (R1, R2, R4, M1). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowsOf, WHOLE_STORE } from '#domain/ports/store.ts'
import { epochSteps } from '#storage/epoch-hooks.ts'
import { expiryQueries } from '#storage/expiry.ts'
import { sql } from '#storage/sql.ts'
import { engineNames, scim, send, token } from '../world.ts'
import { ACTION, freshPassword, ORIGIN, type RecoveryGround, recoveryGround } from './recovery-ground.ts'

const REJECTED = { outcome: 'rejected' }

describe.each(engineNames)('on %s', engine => {
  let g: RecoveryGround
  beforeAll(async () => {
    g = await recoveryGround(engine)
  })
  afterAll(() => g.world.close())

  /** Somebody who asked, and what was sent to him. */
  const asked = async (more: object = {}) => {
    const holder = await g.holder()
    expect(await g.ask(holder.name, more)).toEqual({ sent: 'email' })
    const [sent] = await g.sent()
    if (!sent) throw new Error('nothing was sent')
    return { ...holder, ...sent }
  }

  test('by code: the new one works, the old one does not, sessions and failures are over', async () => {
    const holder = await g.holder()
    const login = { grant_type: 'password', username: holder.name, password: holder.password, authType: 'AT_CUSTPWD' }
    const { body } = await token(g.world, login, { authorization: `Bearer ${g.bearer}` })
    for (let n = 0; n < 8; n++) await g.logOn(holder.name, `wrong-${n}`)
    await g.pass(1)
    await g.ask(holder.name)
    const [sent] = await g.sent()
    expect(sent?.parcel).toMatchObject({ method: 'email', to: `${holder.id}@mail.example` })
    const next = freshPassword()
    const code = `${sent?.code.slice(0, 4)} ${sent?.code.slice(4)}`
    expect(await g.byCode(holder.name, code, next)).toEqual({ outcome: 'changed', user: Number(holder.id) })
    expect([await g.logOn(holder.name, holder.password), await g.logOn(holder.name, next)]).toEqual([400, 200])
    const look = await send(`${g.world.base}/demo/authn/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    })
    expect(look.status).toBe(401)
  })

  test('R1: a reset makes no session, and the code is worth nothing as a password', async () => {
    const { name, code } = await asked()
    expect(await g.logOn(name, code)).toBe(400)
    const heard: (number | undefined)[] = []
    const alongside = await g.login(3, heard)
    const end = await g.byCode(name, code, freshPassword(), { alongside })
    expect(Object.keys(end).sort()).toEqual(['outcome', 'user'])
    expect(heard).toHaveLength(1)
  })

  test('R1: a code counts only in its login, for its user, policy, client and action', async () => {
    const { name, code } = await asked()
    const other = await asked()
    const next = freshPassword()
    for (const more of [{ loginId: 8 }, { loginId: undefined }, { policy: g.policy('AT_STDPWD') }]) {
      expect(await g.byCode(name, code, next, more)).toEqual({ ...REJECTED, reason: 'no_code' })
    }
    expect(await g.byCode(other.name, code, next)).toEqual({ ...REJECTED, reason: 'wrong' })
    expect(await g.byCode('nobody', code, next)).toMatchObject(REJECTED)
    expect(await g.byCode(name, code, next, { actionIds: ['x'] })).toEqual({ ...REJECTED, reason: 'other_action' })
    expect(await g.byCode(name, code, next, { client: 'x' })).toEqual({ ...REJECTED, reason: 'other_action' })
    expect(await g.byCode(name, code, next)).toMatchObject({ outcome: 'changed' })
  })

  test('a code dies with its fifth wrong try, and after its time', async () => {
    const { name, code } = await asked()
    for (let n = 0; n < 5; n++) expect(await g.byCode(name, `0000000${n}`, freshPassword())).toMatchObject(REJECTED)
    expect(await g.byCode(name, code, freshPassword())).toEqual({ ...REJECTED, reason: 'no_code' })
    const late = await asked()
    await g.pass(ACTION.validity_seconds)
    expect(await g.byCode(late.name, late.code, freshPassword())).toEqual({ ...REJECTED, reason: 'no_code' })
    expect(await g.recovery.lookReset(g.tenant, late.token)).toBeUndefined()
  })

  test('a newer request ends the older', async () => {
    const first = await asked()
    await g.pass(11)
    await g.ask(first.name)
    const [second] = await g.sent()
    expect(await g.byCode(first.name, first.code, freshPassword())).toMatchObject(REJECTED)
    expect(await g.byLink(first.token, freshPassword())).toMatchObject(REJECTED)
    expect(await g.byCode(first.name, second?.code ?? '', freshPassword())).toMatchObject({ outcome: 'changed' })
  })

  test.each(['byCode', 'byLink'] as const)('50 posts of one at once set one password: %s', async way => {
    const { name, code, token: linked } = await asked()
    const wanted = Array.from({ length: 50 }, freshPassword)
    const ends = await Promise.all(
      wanted.map(next => (way === 'byCode' ? g.byCode(name, code, next) : g.byLink(linked, next))),
    )
    expect(ends.filter(({ outcome }) => outcome === 'changed')).toHaveLength(1)
    const winner = wanted[ends.findIndex(({ outcome }) => outcome === 'changed')] ?? ''
    expect(await g.logOn(name, winner)).toBe(200)
    const again = await (way === 'byCode' ? g.byCode(name, code, freshPassword()) : g.byLink(linked, freshPassword()))
    expect(again).toMatchObject(REJECTED)
  })

  test('R4: a scanner that looks ten times takes nothing from the person', async () => {
    const { id, name, token: linked } = await asked()
    for (let n = 0; n < 10; n++) {
      const open = await g.recovery.lookReset(g.tenant, linked)
      expect(open).toMatchObject({ policy: 'AT_CUSTPWD', action: ACTION.id, maskedName: `u…@test.example` })
      expect(open?.constraints).toMatchObject({ minLength: 8, notOldPassword: true })
    }
    expect(await g.byLink(linked, freshPassword())).toEqual({ outcome: 'changed', user: Number(id) })
    expect(await g.recovery.lookReset(g.tenant, linked)).toBeUndefined()
    expect(await g.recovery.lookReset(g.tenant, 'x'.repeat(40))).toBeUndefined()
    expect(name).toContain('@')
  })

  test('R2: a link begins with the configured origin and holds 176 random bits', async () => {
    const { parcel, token: linked } = await asked()
    expect(parcel.text).toContain(`${ORIGIN}/demo/authn/portal/reset?token=${linked}`)
    expect(linked).toMatch(/^[A-Za-z0-9_-]{40}$/)
  })

  test('broken rules are told to who has the code, and take no try', async () => {
    const { name, password, code } = await asked()
    for (let n = 0; n < 7; n++) {
      expect(await g.byCode(name, code, 'short')).toEqual({ outcome: 'broken', rules: ['minLength'] })
    }
    expect(await g.byCode(name, code, password)).toEqual({ outcome: 'broken', rules: ['notOldPassword'] })
    expect(await g.byCode(name, '00000000', 'short')).toMatchObject(REJECTED)
    expect(await g.byCode(name, code, freshPassword())).toMatchObject({ outcome: 'changed' })
  })

  test('M1: three an hour for a user, and one for who presses twice', async () => {
    // Into an hour that does not end meanwhile.
    await g.pass(3600 - (g.world.now_seconds() % 3600) + 60)
    const { name } = await g.holder()
    const reached = async () => (await g.sent()).filter(({ parcel }) => parcel.to !== undefined).length
    const before = await reached()
    await Promise.all(Array.from({ length: 10 }, () => g.ask(name)))
    expect((await reached()) - before).toBe(1)
    for (let n = 0; n < 5; n++) {
      await g.pass(11)
      await g.ask(name)
    }
    expect((await reached()) - before).toBe(3)
    const [newest] = (await g.sent()).filter(({ parcel }) => parcel.to !== undefined)
    // What was sent last still works: requests beyond the budget end nothing.
    expect(await g.byCode(name, newest?.code ?? '', freshPassword())).toMatchObject({ outcome: 'changed' })
  })

  test('whoever may not use the password gets no code for it', async () => {
    const nothing = async (name: string, more: object = {}) => {
      await g.ask(name, more)
      expect((await g.sent())[0]?.parcel.to).toBeUndefined()
    }
    const disabled = await g.holder()
    await scim(g.world, g.bearer, 'PUT', `/Users/${disabled.id}`, { active: false })
    await nothing(disabled.name)
    const off = await g.holder()
    const status = { status: { status: 'DISABLED' } }
    await scim(g.world, g.bearer, 'PUT', `/Authenticator/${off.id}.AT_CUSTPWD`, status)
    await nothing(off.name)
    await nothing((await g.holder('AT_STDPWD')).name)
    await nothing((await g.holder('AT_CUSTPWD', { ATR_EMAIL: 'no address' })).name)
    await nothing((await g.holder()).name, { action: { ...ACTION, methods: [] } })
    await nothing('nobody@nowhere.example')
  })

  test('a code is over when somebody else set the password, disabled the user or took the authenticator', async () => {
    const changed = await asked()
    await g.change(changed.name, changed.password, freshPassword())
    expect(await g.byCode(changed.name, changed.code, freshPassword())).toEqual({ ...REJECTED, reason: 'used' })
    const disabled = await asked()
    await scim(g.world, g.bearer, 'PUT', `/Users/${disabled.id}`, { active: false })
    expect(await g.byLink(disabled.token, freshPassword())).toEqual({ ...REJECTED, reason: 'user_disabled' })
    const taken = await asked()
    await scim(g.world, g.bearer, 'DELETE', `/Authenticator/${taken.id}.AT_CUSTPWD`)
    expect(await g.byCode(taken.name, taken.code, freshPassword())).toEqual({ ...REJECTED, reason: 'no_code' })
    const gone = await asked()
    await scim(g.world, g.bearer, 'DELETE', `/Users/${gone.id}`)
    expect(await g.byLink(gone.token, freshPassword())).toEqual({ ...REJECTED, reason: 'no_code' })
  })

  test('a restore ends codes, and the sweep takes those whose time is over', async () => {
    const { store, clock } = g.world.ground
    const rows = () =>
      store.read(g.tenant.number, () =>
        rowsOf(sql`select id from recovery where tenant_number = ${g.tenant.number} and user_id > 0`),
      )
    const { name, code } = await asked()
    const step = epochSteps({ now_ms: clock.now(), stock: g.tenant.configuration }).find(
      one => one.name === 'recoveries',
    )
    if (!step) throw new Error('a restore does not know of codes')
    await store.write(WHOLE_STORE, () => step.unit(0))
    expect(await g.byCode(name, code, freshPassword())).toEqual({ ...REJECTED, reason: 'no_code' })
    await asked()
    expect(await rows()).toHaveLength(1)
    await g.pass(2 * 3600)
    await store.write(g.tenant.number, () => rowsOf(expiryQueries.dropRecoveries(g.tenant.number, clock.now())))
    expect(await rows()).toHaveLength(0)
  })

  test('a block that only an administrator lifts stays', async () => {
    const policy = g.policy('AT_RESPWD')
    const { name, id } = await g.holder()
    await scim(g.world, g.bearer, 'POST', '/Authenticator', {
      policy: { value: 'AT_RESPWD' },
      owner: { value: id },
      'urn:hid:scim:api:idp:2.0:Password': { username: id, password: 'Hn3Yd8Wq5Zs' },
    })
    for (let n = 0; n < 3; n++) await g.logOn(name, 'wrong', 'AT_RESPWD')
    await g.ask(name, { policy })
    const [sent] = await g.sent()
    const next = 'Kq7Rw2Xc9Lp'
    expect(await g.byCode(name, sent?.code ?? '', next, { policy })).toMatchObject({ outcome: 'changed' })
    expect(await g.logOn(name, next, 'AT_RESPWD')).toBe(400)
    const off = { status: { status: 'ENABLED' }, 'urn:hid:scim:api:idp:2.0:Password': { password: 'Zt6Bf1Jm4Gv' } }
    await scim(g.world, g.bearer, 'PUT', `/Authenticator/${id}.AT_RESPWD`, off)
    expect(await g.logOn(name, 'Zt6Bf1Jm4Gv', 'AT_RESPWD')).toBe(200)
  })
})
