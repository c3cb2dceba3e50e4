/** What a container does against the counterpart: counters, answers, scans, policy, renewal, removal, and how refusals end. */
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { passwordRules, startCounterpart } from '../test/counterpart.ts'
import { openApproveApp } from './approve-app.ts'
import type { ContainerEvent } from './container.ts'
import { readInvitation } from './invitation.ts'
import { openBrowserVault } from './vault/browser-vault.ts'

const NOW = 1_790_000_000

async function enrolled() {
  const server = startCounterpart(NOW)
  const vault = await openBrowserVault(new IDBFactory())
  const open = () => openApproveApp({ vault, fetch: server.fetch, now_ms: () => server.state.now_seconds * 1000 })
  const app = await open()
  const container = await app.enrol(readInvitation(server.invitation), { name: 'Phone', platform: 'web' })
  const held = async () => (await vault.find(container.id))!.registration!
  return { server, vault, app, open, container, held }
}

const code = (code: string) => expect.objectContaining({ code })
const refusal = (error: string, status: number, more: object = {}) =>
  new Response(JSON.stringify({ error, error_description: error, server_time: NOW, ...more }), { status })
const parts = (jws: string) => jws.split('.').map(part => Buffer.from(part, 'base64url').toString())

describe('answers', () => {
  it('sign exactly what was retrieved, above every counter there was', async () => {
    const { server, container, held } = await enrolled()
    server.state.requests.set('900', server.request())
    expect((await container.inbox()).requests).toHaveLength(1)
    const request = await container.retrieve('900')
    expect(await container.answer(request, 'accept')).toEqual({ status: 'accept' })
    const [header, payload] = parts(server.state.answers[0].jws)
    expect(header).toBe(
      '{"typ":"JWT","alg":"ES256","purpose":"logon","tenant":"demo","transaction":"900","device":"11845"}',
    )
    expect(payload).toBe('{"clientapprovalstatus":"accept","tds":"Log on to Demo?","txcounter":"12"}')
    await container.answer(request, 'deny')
    expect(parts(server.state.answers[1].jws)[1]).toContain('"txcounter":"13"')
    expect((await held()).call_counter).toBe(2)
    expect(container.history.map(({ status, tds, client }) => ({ status, tds, client }))).toEqual([
      { status: 'deny', tds: 'Log on to Demo?', client: 'Bank' },
      { status: 'accept', tds: 'Log on to Demo?', client: 'Bank' },
    ])
  })

  it('take a number with the first status and with no other', async () => {
    const { server, container } = await enrolled()
    const request = server.request({ number: true })
    server.state.requests.set('900', request)
    await expect(container.answer(request, 'accept')).rejects.toEqual(code('number_required'))
    await expect(container.answer(request, 'accept', { number: '123' })).rejects.toEqual(code('number_required'))
    expect(server.state.answers).toEqual([])
    await container.answer(request, 'accept', { number: '07' })
    expect(parts(server.state.answers[0].jws)[0]).toContain('"device":"11845","number":"07"}')
    await container.answer(request, 'deny', { number: '07' })
    expect(parts(server.state.answers[1].jws)[0]).not.toContain('number')
  })

  it('are one of those the request names', async () => {
    const { server, container, held } = await enrolled()
    await expect(container.answer(server.request(), 'approve')).rejects.toEqual(code('invalid_value'))
    expect((await held()).tx_counter).toBe(0)
  })

  it('save both counters before they are sent: who is cut off uses neither again', async () => {
    const { server, open, container, held } = await enrolled()
    server.state.requests.set('900', server.request())
    server.state.interrupt = () => {
      throw new TypeError('connection lost')
    }
    await expect(container.answer(server.request(), 'accept')).rejects.toEqual(code('unreachable'))
    expect(await held()).toMatchObject({ call_counter: 1, tx_counter: 12 })
    server.state.interrupt = undefined
    await (await open()).containers()[0]!.answer(server.request(), 'accept')
    expect(parts(server.state.answers[1].jws)[1]).toContain('"txcounter":"13"')
    expect(server.seen.map(({ counter }) => counter)).toEqual([1, 2])
  })

  it('keep a history with a bound', async () => {
    const { server, vault, container } = await enrolled()
    const old = { id: '1', purpose: 'logon', tds: 't', client: 'c', status: 'deny', at: 1 } as const
    await vault.change(container.id, one => one && { ...one, history: Array.from({ length: 200 }, () => old) })
    server.state.requests.set('900', server.request())
    await container.answer(server.request(), 'accept')
    expect(container.history).toHaveLength(200)
    expect(container.history[0]?.id).toBe('900')
  })

  it('of its own are signed by the key of the purpose and fill a template exactly', async () => {
    const { server, container } = await enrolled()
    const values = { amount: '10', payee: 'ACME' }
    expect(await container.request({ purpose: 'action', template: 'pay', values })).toEqual({
      status: 'accept',
      auth_req_id: 'direct-1',
    })
    const { jws, ...rest } = server.state.answers[0]
    expect(rest).toEqual({ purpose: 'action', template: 'pay', values })
    const [header, payload] = parts(jws)
    expect(JSON.parse(header!)).toMatchObject({ purpose: 'dcs', kind: 'action', device: '11845' })
    expect(payload).toBe('{"clientapprovalstatus":"confirm","tds":"Pay 10 to ACME","txcounter":"1"}')
    for (const wrong of [
      { template: 'pay', values: { amount: '10' } },
      { template: 'toString', values: {} },
      { tds: ' ' },
      { tds: 'x'.repeat(4001) },
    ])
      await expect(container.request({ purpose: 'action', ...wrong })).rejects.toEqual(code('invalid_value'))
  })
})

describe('calls', () => {
  it('go on above the floor after stale_counter, once', async () => {
    const { server, container, held } = await enrolled()
    server.state.counter = 40
    await container.rename('New name')
    expect(container.name).toBe('New name')
    expect(server.seen.map(({ counter }) => counter)).toEqual([1, 41])
    expect((await held()).call_counter).toBe(41)
    server.state.interrupt = one => refusal('stale_counter', 409, { counter_floor: one.counter + 5 })
    await expect(container.rename('Other')).rejects.toEqual(code('stale_counter'))
    expect(server.seen).toHaveLength(4)
  })

  it('a suspended device says so, a gone one is forgotten with its keys', async () => {
    const { server, vault, app, container } = await enrolled()
    server.state.interrupt = () => refusal('device_suspended', 403)
    await expect(container.inbox()).rejects.toEqual(code('device_suspended'))
    expect(container.status).toBe('suspended')
    server.state.interrupt = () => refusal('device_gone', 410)
    await expect(container.inbox()).rejects.toEqual(code('device_gone'))
    expect(app.containers()).toEqual([])
    expect(await vault.list()).toEqual([])
    await expect(container.otp()).rejects.toEqual(code('device_gone'))
  })

  it('an answer that is no JSON, too long or of another shape is none', async () => {
    const { server, container } = await enrolled()
    for (const body of ['<html>', '{}', `"${'x'.repeat(300_000)}"`]) {
      server.state.interrupt = () => new Response(body)
      await expect(container.inbox()).rejects.toEqual(code('unreachable'))
    }
    server.state.interrupt = () => new Response('busy', { status: 503 })
    await expect(container.inbox()).rejects.toEqual(code('unreachable'))
  })
})

describe('the policy', () => {
  it('is taken when the inbox names a newer one', async () => {
    const { server, container } = await enrolled()
    server.state.policy = { ...server.state.policy, version: 8, service: { name: 'New Bank' } }
    await container.inbox()
    expect(container).toMatchObject({ serviceName: 'New Bank', colour: undefined })
  })

  it('never goes back', async () => {
    const { server, container } = await enrolled()
    server.state.policy = { ...server.state.policy, version: 6 }
    await expect(container.refresh()).rejects.toEqual(code('untrusted_service'))
    expect(container.policy?.version).toBe(7)
  })

  it('is believed from a successor that the known root vouched for, and from nobody else', async () => {
    const { server, container } = await enrolled()
    server.rotate()
    server.rotate()
    server.state.policy = { ...server.state.policy, version: 8 }
    await container.refresh()
    expect(container.policy?.version).toBe(8)
    expect(container.root).toBe(server.rootPrint())

    const stranger = startCounterpart(NOW)
    server.state.interrupt = async () =>
      new Response(
        JSON.stringify({ policy: await stranger.signed('cs-policy+jwt', server.state.policy), server_time: NOW }),
      )
    await expect(container.refresh()).rejects.toEqual(code('untrusted_service'))
  })
})

describe('a scanned code', () => {
  it('is verified, then asked for; silent only from the live camera', async () => {
    const { server, app, container } = await enrolled()
    server.state.requests.set('900', server.request({ silent: true }))
    const jws = await server.scanJws()
    const link = `https://approve.test/#scan=${jws}`
    expect(app.containersFor(link)).toEqual([container])
    const stranger = startCounterpart(NOW)
    expect(app.containersFor(await stranger.scanJws({ service: 'other.test/x', tenant: 'x' }))).toEqual([])
    expect(app.containersFor(await server.scanJws({ service: 'proxy.test/demo' }))).toEqual([container])
    expect((await container.scan(jws, 'camera')).silent).toBe(true)
    for (const via of ['link', 'image', 'text'] as const) expect((await container.scan(link, via)).silent).toBe(false)
  })

  it.each([
    ['an old one', { exp: NOW }, 'request_expired'],
    ['one of another tenant', { tenant: 'other' }, 'untrusted_service'],
    ['one that names another request than the answer', { jti: '901' }, 'invalid_request'],
    ['one that names another client than the answer', { client: 'Other' }, 'invalid_request'],
  ])('refused: %s', async (_, more, error) => {
    const { server, container } = await enrolled()
    server.state.requests.set('900', server.request())
    await expect(container.scan(await server.scanJws(more), 'camera')).rejects.toEqual(code(error))
  })

  it('refused: signed by a stranger, of another type, or no code at all', async () => {
    const { server, container } = await enrolled()
    const jws = await startCounterpart(NOW).scanJws()
    await expect(container.scan(jws, 'camera')).rejects.toEqual(code('untrusted_service'))
    const policy = await server.signed('cs-policy+jwt', server.state.policy)
    await expect(container.scan(policy, 'camera')).rejects.toEqual(code('untrusted_service'))
    await expect(container.scan('https://evil.test/', 'camera')).rejects.toEqual(code('invalid_request'))
    expect(server.seen).toEqual([])
  })
})

describe('renewal', () => {
  it('gives new keys to the same device; codes go on', async () => {
    const { server, container } = await enrolled()
    const before = server.state.device.keys
    server.state.now_seconds += 31 * 86_400
    await container.refresh()
    expect(container.renewalDue).toBe('age')
    await container.renew()
    expect(container).toMatchObject({ renewalDue: undefined, device: '11845' })
    expect(server.state.device.keys.request).not.toEqual(before.request)
    await container.inbox()
  })

  it('that was cut off is found out by the next call, and made again', async () => {
    const { server, open, container } = await enrolled()
    server.state.interrupt = ({ path }) => {
      if (path === '/approve/v1/device/keys') throw new TypeError('connection lost')
      return undefined
    }
    await expect(container.renew()).rejects.toEqual(code('unreachable'))
    server.state.interrupt = undefined
    const again = (await open()).containers()[0]!
    await again.inbox()
    expect(again.renewalDue).toBe('interrupted')
    await again.renew()
    expect(again.renewalDue).toBeUndefined()
    expect((await again.otp()).code).toMatch(/^\d{8}$/)
  })

  it('that never reached the server leaves the old keys at work', async () => {
    const { server, container } = await enrolled()
    server.state.interrupt = ({ path }) => {
      if (path === '/approve/v1/policy') server.state.down = true
      return undefined
    }
    await expect(container.renew()).rejects.toEqual(code('unreachable'))
    server.state.interrupt = undefined
    server.state.down = false
    await container.inbox()
    expect(container.renewalDue).toBe('interrupted')
    await container.renew()
    expect(container.renewalDue).toBeUndefined()
  })

  it('is demanded before anything is signed when the service now wants a password', async () => {
    const { server, container } = await enrolled()
    server.state.requests.set('900', server.request())
    server.state.policy = { ...server.state.policy, version: 8, protection: passwordRules }
    await container.refresh()
    expect(container.renewalDue).toBe('protection')
    await expect(container.answer(server.request(), 'accept')).rejects.toEqual(code('renewal_required'))
    await expect(container.renew()).rejects.toEqual(code('password_required'))
    await container.renew({ password: '246813' })
    expect(container).toMatchObject({ renewalDue: undefined, passwordProtected: true })
    await expect(container.answer(server.request(), 'accept')).rejects.toEqual(code('password_required'))
    await container.answer(server.request(), 'accept', { password: '246813' })
    await expect(container.otp()).rejects.toEqual(code('password_required'))
  })
})

describe('removal', () => {
  it('is told at once', async () => {
    const { app, vault, container } = await enrolled()
    expect(await container.remove()).toBe(true)
    expect(app.containers()).toEqual([])
    expect(await vault.list()).toEqual([])
  })

  it('is told later when the server is out of reach; what could approve is gone at once', async () => {
    const { server, vault, open, container } = await enrolled()
    server.state.down = true
    expect(await container.remove()).toBe(false)
    const app = await open()
    expect(app.containers()).toEqual([])
    expect(app.pendingRemovals()).toMatchObject([{ serviceName: 'Demo Bank', since: NOW }])
    const [entry] = await vault.list()
    expect(entry).toMatchObject({ history: [], codes: { list: [] } })
    expect(entry?.registration?.keys.logon).toEqual(entry?.registration?.keys.request)
    expect(await app.retryRemovals()).toBe(1)
    server.state.down = false
    expect(await app.retryRemovals()).toBe(0)
    expect(server.seen.map(({ method }) => method)).toEqual(['DELETE'])
    expect(await vault.list()).toEqual([])
  })
})

describe('events', () => {
  it('are heard in pieces, and the signal ends them', async () => {
    const { server, container } = await enrolled()
    const stop = new AbortController()
    const stream =
      ': hello\n\nevent: request\nda|ta: {"id":"900"}\n\nevent: notice\ndata: {}\n\nevent: strange\n\n|event: policy\n\n'
    server.state.interrupt = ({ path }) =>
      path === '/approve/v1/events'
        ? new Response(
            new ReadableStream({
              start: out => {
                for (const piece of stream.split('|')) out.enqueue(new TextEncoder().encode(piece))
                out.close()
              },
            }),
          )
        : undefined
    const heard: ContainerEvent[] = []
    await container.events(event => {
      heard.push(event)
      if (event.kind === 'disconnected') stop.abort()
    }, stop.signal)
    expect(heard.map(({ kind }) => kind)).toEqual(['connected', 'request', 'notice', 'policy', 'disconnected'])
    expect(heard[1]).toEqual({ kind: 'request', id: '900' })
  })

  it('end when the device is gone', async () => {
    const { server, app, container } = await enrolled()
    server.state.interrupt = () => refusal('device_gone', 410)
    await expect(container.events(() => {}, new AbortController().signal)).rejects.toEqual(code('device_gone'))
    expect(app.containers()).toEqual([])
  })
})
