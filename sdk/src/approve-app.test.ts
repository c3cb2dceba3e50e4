/** An app against the counterpart: enrolment in both ways, and everything it must refuse to believe on the way. */
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { passwordRules, startCounterpart } from '../test/counterpart.ts'
import { openApproveApp } from './approve-app.ts'
import { readInvitation, typedInvitation } from './invitation.ts'
import { openBrowserVault } from './vault/browser-vault.ts'
import { openWake } from './wake.ts'

const NOW = 1_790_000_000

async function start(skew_seconds = 0) {
  const server = startCounterpart(NOW)
  const factory = new IDBFactory()
  const clock = { now_ms: NOW * 1000 }
  const vault = await openBrowserVault(factory)
  const around = { vault, fetch: server.fetch, now_ms: () => clock.now_ms + skew_seconds * 1000 }
  const open = () => openApproveApp(around)
  const app = await open()
  const enrolment = { name: ' Pixel 9 ', platform: 'web' }
  const enrol = (more: object = {}) => app.enrol(readInvitation(server.invitation), { ...enrolment, ...more })
  return { server, clock, vault, around, app, open, enrol, enrolment }
}

const code = (code: string) => expect.objectContaining({ code })

describe('enrolment', () => {
  it('by QR: the container has what the policy says', async () => {
    const { server, app, open, enrol } = await start()
    const steps: string[] = []
    const invitation = readInvitation(server.invitation)
    expect(app.isNewService(invitation)).toBe(true)
    const made = await enrol({ progress: (step: string) => steps.push(step) })
    expect(steps).toEqual(['asking', 'keys', 'code', 'registering', 'keeping'])
    expect(app.isNewService(invitation)).toBe(false)
    expect(server.state.device).toMatchObject({ name: 'Pixel 9', platform: 'web', key_protection: 'browser' })
    for (const container of [made, (await open()).containers()[0]!]) {
      expect(container).toMatchObject({
        ...{ kind: 'online', name: 'Pixel 9', serviceName: 'Demo Bank', colour: '#0b5fff', user: 'alice@bank.example' },
        ...{ tenant: 'demo', service: 'id.test/demo', device: '11845', createdAt: NOW, status: 'active' },
        ...{ passwordProtected: false, keyProtection: 'browser', codes: ['otp', 'challenge', 'signing'] },
      })
      expect(container.policy).toEqual(server.state.policy)
      expect(container.root).toBe(server.rootPrint())
    }
  })

  it('by hand, with RSA keys as the start says', async () => {
    const { server, app, enrolment } = await start()
    server.state.algorithms.logon = 'RS512'
    server.state.policy.keys.logon.algorithm = 'RS512'
    const typed = typedInvitation({ uid: 'alice', code: server.code, service: 'id.test/demo' })
    await app.enrol(typed, enrolment)
    expect(server.state.device).toMatchObject({ method: 'typed', dir: '', did: '', keys: { logon: { kty: 'RSA' } } })
    expect(server.state.device.tag).toBeUndefined()
  })

  it('by hand, of a type that wants other keys and a password: they are renewed before anything is signed', async () => {
    const { server, app, enrolment } = await start()
    server.state.policy.keys.logon.algorithm = 'RS512'
    server.state.policy.protection = passwordRules
    const typed = typedInvitation({ uid: 'alice', code: server.code, service: 'id.test/demo' })
    const container = await app.enrol(typed, { ...enrolment, password: async () => '246813' })
    expect(server.state.device).toMatchObject({ keys: { logon: { kty: 'RSA' } } })
    expect(container).toMatchObject({ renewalDue: undefined, passwordProtected: true })
    const without = await app.enrol(typed, enrolment)
    expect(without).toMatchObject({ renewalDue: 'protection', passwordProtected: false })
  })

  it('a wrong code is refused and leaves nothing', async () => {
    const { app, enrolment } = await start()
    const typed = typedInvitation({ uid: 'alice', code: 'WRONGCODE1', service: 'id.test/demo' })
    await expect(app.enrol(typed, enrolment)).rejects.toEqual(code('activation_failed'))
    expect(app.containers()).toEqual([])
  })

  it.each([
    ['another root than the QR names', (s: Awaited<ReturnType<typeof start>>) => s.server.rotate()],
    [
      'a proof that does not know the code',
      (s: Awaited<ReturnType<typeof start>>) => {
        s.server.state.serverProof = right => right.replace(/^./, first => (first === 'A' ? 'B' : 'A'))
      },
    ],
    [
      'the rules of another tenant',
      (s: Awaited<ReturnType<typeof start>>) => {
        s.server.state.policy.tenant = 'other'
      },
    ],
    [
      'rules that make no sense',
      (s: Awaited<ReturnType<typeof start>>) => {
        s.server.state.policy.keys.logon.statuses = []
      },
    ],
  ])('a service that shows %s is not believed, and nothing is kept', async (_, spoil) => {
    const started = await start()
    spoil(started)
    await expect(started.enrol()).rejects.toEqual(code('untrusted_service'))
    expect((await started.open()).containers()).toEqual([])
  })

  it('waits for its confirmation and shows the six characters meanwhile', async () => {
    const { server, enrol } = await start()
    server.state.status = 'PENDING'
    const container = await enrol()
    expect(container.confirmationCode).toMatch(/^[A-HJ-NP-Z2-9]{6}$/)
    await expect(container.inbox()).rejects.toEqual(code('activation_pending'))
    await container.refresh()
    expect(container.status).toBe('pending')
    server.state.status = 'ACTIVE'
    await container.refresh()
    expect(container).toMatchObject({ status: 'active', confirmationCode: undefined })
  })

  it('asks for a password before anything is registered, and holds its rules', async () => {
    const { server, enrol } = await start()
    server.state.protection = passwordRules
    server.state.policy.protection = passwordRules
    await expect(enrol()).rejects.toEqual(code('password_required'))
    await expect(enrol({ password: async () => '12' })).rejects.toEqual(code('unfit_password'))
    expect(server.state.device).toBeUndefined()
    const container = await enrol({ password: async () => '246813' })
    expect(container.passwordProtected).toBe(true)
    await expect(container.otp()).rejects.toEqual(code('password_required'))
    await expect(container.otp({ password: '111111' })).rejects.toEqual(code('invalid_password'))
    const { code: shown } = await container.otp({ password: '246813' })
    await container.changePassword('246813', '135790')
    expect((await container.otp({ password: '135790' })).code).toBe(shown)
    for (const _ of [1, 2, 3]) await container.otp({ password: '246813' }).catch(() => {})
    await expect(container.otp({ password: '135790' })).rejects.toEqual(code('locked'))
    expect(container.lockedUntil_ms).toBe(NOW * 1000 + 60_000)
  })

  it('a name has a bound', async () => {
    const { enrol } = await start()
    for (const name of ['', ' ', 'x'.repeat(65)]) await expect(enrol({ name })).rejects.toEqual(code('invalid_value'))
  })

  it('a clock that is wrong is put right by the answers of the server', async () => {
    const { server, enrol } = await start(-86_400)
    const container = await enrol()
    await container.inbox()
    expect(server.seen.at(-1)?.time).toBe(NOW)
    server.state.now_seconds += 7200
    await container.inbox()
    expect(server.seen.map(({ time }) => time)).toEqual([NOW, NOW, NOW + 7200])
    expect((await container.otp()).validFor_seconds).toBe(30 - ((NOW + 7200) % 30))
  })
})

describe('offline', () => {
  it('a container of its own that shows RFC 6238 codes and does nothing else', async () => {
    const { app, open, clock } = await start()
    const uri = 'otpauth://totp/Demo:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Demo&digits=8'
    const made = await app.enrolOffline(uri, 'Phone')
    const container = (await open()).containers()[0]!
    expect(container).toMatchObject({ kind: 'offline', serviceName: 'Demo', user: 'alice', codes: ['otp'] })
    clock.now_ms = 59_000
    expect(await container.otp()).toEqual({ code: '94287082', validFor_seconds: 1 })
    clock.now_ms = 1_111_111_109_000
    expect((await container.otp()).code).toBe('07081804')
    await expect(container.inbox()).rejects.toEqual(code('not_possible'))
    await expect(container.challenge('12345678')).rejects.toEqual(code('not_possible'))
    await made.rename('Other')
    expect(made.name).toBe('Other')
    expect(await made.remove()).toBe(true)
    expect(app.containers()).toEqual([])
  })
})

describe('wake messages', () => {
  const w = Buffer.alloc(16, 1).toString('base64url')

  it('are opened by the container they are sealed for', async () => {
    const { server, app, vault, enrol } = await start()
    const container = await enrol()
    const j = await server.sealedFor({ k: 'request', id: '900' })
    const message = JSON.stringify({ v: 1, w, j })
    expect(message.length).toBeLessThan(2048)
    expect(await app.openWake(message)).toEqual({ container, request: '900' })
    expect(await openWake(vault, message)).toEqual({ container: container.id, wake: w, request: '900' })
    expect(await app.openWake({ v: 1, w, j: await server.sealedFor({ k: 'notice' }) })).toEqual({ container })
  })

  it('of somebody else, or of no sense, are none', async () => {
    const { server, app, enrol } = await start()
    await enrol()
    const j = await server.sealedFor({ k: 'request', id: '900' })
    const [head, , ...rest] = j.split('.')
    for (const message of [
      '',
      '{}',
      'x'.repeat(5000),
      { v: 2, w, j },
      { v: 1, w, j: [head, 'AAAA', ...rest].join('.') },
    ])
      expect(await app.openWake(message)).toBeUndefined()
    server.state.device.keys.sealing = server.state.device.keys.request
    expect(await app.openWake({ v: 1, w, j: await server.sealedFor({ k: 'notice' }) })).toBeUndefined()
  })
})
