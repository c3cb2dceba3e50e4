/**
 * The other end of the approve protocol for tests of the SDK: written from the page alone, on node:crypto and jose, and as hostile as a
 * test wants it. It is given to the SDK as its `fetch`. The real server is met in server/test/cli/phone.test.ts.
 */
import { hkdfSync, pbkdf2Sync, randomBytes } from 'node:crypto'
import { compactVerify, importJWK, type JWK } from 'jose'
import { b64u, json, mac, type Pair, pair, print, sealed, sha, sign } from './counterpart-keys.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked at by the tests themselves
type Body = any

export interface Seen {
  readonly method: string
  readonly path: string
  readonly body: Body
  readonly counter: number
  readonly time: number
}

export interface Counterpart {
  readonly fetch: typeof globalThis.fetch
  readonly invitation: string
  readonly code: string
  readonly seen: Seen[]
  /** What a test changes. */
  readonly state: State
  rootPrint(): string
  /** JWS by the working key. */
  signed(typ: string, payload: object): Promise<string>
  /** The approve root is replaced by a successor, with a new working key. */
  rotate(): void
  sealedFor(content: object): Promise<string>
  request(more?: object): Body
  scanJws(more?: object): Promise<string>
}

export interface State {
  now_seconds: number
  service: string
  policy: Body
  protection: Body
  algorithms: { logon: string; action: string }
  status: 'ACTIVE' | 'PENDING'
  counter: number
  device: Body
  requests: Map<string, Body>
  answers: Body[]
  /** Answers the next call in place of the counterpart, after the call was carried out when `late`. */
  interrupt: ((seen: Seen) => Response | undefined | Promise<Response | undefined>) | undefined
  serverProof: (right: string) => string
  down: boolean
}

export const secret = Buffer.from('12345678901234567890')

export const passwordRules = {
  kind: 'password',
  password: { min_length: 6, max_length: 12, digits_only: true, max_attempts: 3, lock_seconds: 60 },
}

export function startCounterpart(now_seconds: number): Counterpart {
  const roots = [pair()]
  const works = [pair()]
  const code = 'K7PWX3ANQ2'
  const rnd = randomBytes(16)
  const state: State = {
    now_seconds,
    service: 'id.test/demo',
    protection: { kind: 'device' },
    algorithms: { logon: 'ES256', action: 'ES256' },
    policy: {
      tenant: 'demo',
      device_type: 'DT_TDSV4',
      version: 7,
      iat: now_seconds,
      service: { name: 'Demo Bank', colour: '#0b5fff' },
      protection: { kind: 'device' },
      keys: {
        logon: { algorithm: 'ES256', statuses: ['accept', 'deny', 'report'] },
        action: { algorithm: 'ES256', statuses: ['confirm', 'deny'] },
      },
      labels: ['Account', 'Amount'],
      templates: { pay: 'Pay {amount} to {payee}' },
      renew_after_days: 30,
    },
    status: 'ACTIVE',
    counter: 0,
    device: undefined,
    requests: new Map(),
    answers: [],
    interrupt: undefined,
    serverProof: right => right,
    down: false,
  }
  const root = () => roots.at(-1) as Pair
  const working = () => works.at(-1) as Pair
  const salt = randomBytes(16)
  const seen: Seen[] = []
  const refused = (error: string, status: number, more: object = {}) =>
    json({ error, error_description: error, server_time: state.now_seconds, ...more }, status)

  const about = async () => {
    const statement = (by: Pair, use: string, { jwk }: Pair) =>
      sign(by, 'cs-statement+jwt', { use, jwk, tenant: 'demo', iat: 1, exp: state.now_seconds + 1000 })
    const chain = roots.slice(1).map((next, n) => statement(roots[n] as Pair, 'successor', next))
    return {
      service: state.service,
      tenant: 'demo',
      root: root().jwk,
      statements: await Promise.all([...chain, statement(root(), 'working', working())]),
      server_time: state.now_seconds,
      capabilities: ['1'],
    }
  }
  const seal = (content: object, sealing: JWK = state.device.keys.sealing) => sealed(content, sealing)
  const policy = () => sign(working(), 'cs-policy+jwt', state.policy)
  const facts = { hash: 'SHA1', digits: 8, step_seconds: 30, secret: b64u(secret) }
  const codes = (sealing: JWK) =>
    seal(
      [
        { use: 'otp', credential: 'CT_TDSOT', algorithm: 'TOTP', ...facts },
        {
          ...{ use: 'challenge', credential: 'CT_TDSOATCR', algorithm: 'OCRA', ...facts },
          ...{ suite: 'OCRA-1:HOTP-SHA1-8:QN08-T30S', question_length: 8 },
        },
        {
          ...{ use: 'signing', credential: 'CT_TDSOATSIGN', algorithm: 'OCRA', ...facts },
          ...{ suite: 'OCRA-1:HOTP-SHA1-8:QA64-T30S', joiner: '*' },
        },
      ],
      sealing,
    )

  async function activated(body: Body): Promise<Response> {
    const prints = ['logon', 'action', 'request', 'sealing'].map(use => print(body.keys[use]))
    const texts = [
      'countersign-activation-v1',
      body.method,
      body.root,
      body.service,
      'demo',
      body.dir,
      body.did,
      body.uid,
    ]
    const parts = [...texts, ...prints, body.device_nonce, body.nonce].map(text => {
      const bytes = Buffer.from(text as string)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return Buffer.concat([length, bytes])
    })
    const transcript = sha(Buffer.concat(parts))
    const codeKey = pbkdf2Sync(code, salt, 600_000, 32, 'sha256')
    const key = body.method === 'qr' ? Buffer.from(hkdfSync('sha256', codeKey, rnd, 'countersign qr', 32)) : codeKey
    if (body.method === 'qr' && body.tag !== b64u(mac(rnd, 'qr', transcript))) return refused('activation_failed', 400)
    if (body.proof !== b64u(mac(key, 'device', transcript)) || body.root !== root().kid)
      return refused('activation_failed', 400)
    for (const [n, use] of (['logon', 'action'] as const).entries()) {
      const { payload, protectedHeader } = await compactVerify(
        body.evidence[n],
        await importJWK(body.keys[use], state.algorithms[use]),
      )
      const said = JSON.parse(Buffer.from(payload).toString())
      const keys = { logon: prints[0], action: prints[1], request: prints[2], sealing: prints[3] }
      const right = JSON.stringify({ ...said, tenant: 'demo', uid: 'alice', root: root().kid, keys, nonce: body.nonce })
      if (JSON.stringify(said) !== right || protectedHeader.typ !== 'cs-evidence+jwt')
        return refused('activation_failed', 400)
    }
    state.device = body
    return json({
      ...{ device: '11845', user: 'alice@bank.example', tenant: 'demo', status: state.status },
      server_time: state.now_seconds,
      server_proof: state.serverProof(b64u(mac(key, 'server', transcript))),
      policy: await policy(),
      codes: await codes(body.keys.sealing),
    })
  }

  async function answered(one: Seen): Promise<Response> {
    const { method, path, body } = one
    const now = { server_time: state.now_seconds }
    const id = /approvals\/(\w+)/.exec(path)?.[1] ?? ''
    if (path === '/approve/v1/inbox') {
      const requests = [...state.requests.values()].map(({ id, purpose, created_at, expires_at }) => ({
        ...{ id, purpose, created_at, expires_at },
      }))
      return json({ requests, notices: [], policy_version: state.policy.version, ...now })
    }
    if (path === '/approve/v1/policy') return json({ policy: await policy(), ...now })
    if (path === '/approve/v1/scan') return json({ ...state.requests.get('900'), scanned: true })
    if (path === '/approve/v1/device' && method === 'PUT') return json({ name: body.name ?? 'Phone', ...now })
    if (path === '/approve/v1/device' && method === 'DELETE') return new Response(null, { status: 204 })
    if (path === '/approve/v1/device/keys') {
      state.device = { ...state.device, keys: body.keys }
      return json({ policy: await policy(), codes: await codes(body.keys.sealing), ...now })
    }
    if (path === '/approve/v1/requests') {
      state.answers.push(body)
      return json({ status: 'accept', auth_req_id: 'direct-1', ...now })
    }
    const request = state.requests.get(id)
    if (!request) return refused('not_found', 404)
    if (method === 'GET') return json({ ...request, ...now })
    state.answers.push(body)
    const signed = Buffer.from(body.jws.split('.')[1], 'base64url').toString()
    return json({ status: JSON.parse(signed).clientapprovalstatus, ...now })
  }

  async function called(
    method: string,
    path: string,
    query: string,
    text: string,
    headers: Headers,
  ): Promise<Response> {
    const jws = /^Device (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? ''
    const key = await importJWK(state.device?.keys.request ?? working().jwk, 'ES256')
    const verified = await compactVerify(jws, key).catch(() => undefined)
    if (!verified) return refused('invalid_call', 401)
    const call = JSON.parse(Buffer.from(verified.payload).toString())
    const right = { m: method, p: path, q: query, b: b64u(sha(Buffer.from(text))), r: call.r, t: call.t, c: call.c }
    const isRoot = call.r === root().kid
    const { typ, kid } = verified.protectedHeader
    if (JSON.stringify(call) !== JSON.stringify(right) || typ !== 'cs-call+jwt' || kid !== '11845' || !isRoot)
      return refused('invalid_call', 401)
    const one: Seen = { method, path, body: text === '' ? undefined : JSON.parse(text), counter: call.c, time: call.t }
    seen.push(one)
    if (Math.abs(call.t - state.now_seconds) > 60) return refused('clock_skew', 401)
    if (state.status === 'PENDING') return refused('activation_pending', 403)
    const changes = method !== 'GET' && path !== '/approve/v1/scan'
    if (changes && call.c <= state.counter) return refused('stale_counter', 409, { counter_floor: state.counter })
    if (changes) state.counter = call.c
    const answer = await answered(one)
    return (await state.interrupt?.(one)) ?? answer
  }

  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input))
    if (state.down) throw new TypeError('fetch failed')
    const path = url.pathname.replace(/^\/demo/, '')
    const text = typeof init.body === 'string' ? init.body : ''
    if (path === '/approve/v1/service') return json(await about())
    if (path === '/approve/v1/activation/start') {
      const started = { salt: b64u(salt), nonce: b64u(randomBytes(32)), algorithms: state.algorithms }
      return json({ ...started, protection: state.protection, ...(await about()) })
    }
    if (path === '/approve/v1/activation') return activated(JSON.parse(text))
    return called(init.method ?? 'GET', path, url.search.slice(1), text, new Headers(init.headers))
  }

  const request = (more: object = {}) => ({
    id: '900',
    purpose: 'logon',
    tds: 'Log on to Demo?',
    statuses: ['accept', 'deny', 'report'],
    created_at: state.now_seconds,
    expires_at: state.now_seconds + 120,
    server_time: state.now_seconds,
    tx_floor: 11,
    number: false,
    silent: false,
    client: { name: 'Bank' },
    asked_from: {},
    ...more,
  })
  return {
    fetch,
    code,
    seen,
    state,
    request,
    invitation: JSON.stringify({
      ...{ ver: 'v8', url: 'id.test/demo', uid: 'alice', did: '11845', dty: 'DT_TDSV4', dir: '4711', sec: '' },
      pss: Buffer.from(code).toString('base64'),
      cs: { root: root().kid, cap: ['1'], rnd: b64u(rnd) },
    }),
    rootPrint: () => root().kid,
    signed: (typ, payload) => sign(working(), typ, payload),
    rotate() {
      roots.push(pair())
      works.push(pair())
    },
    sealedFor: content => seal(content),
    scanJws: (more = {}) =>
      sign(working(), 'cs-request+jwt', {
        ...{ jti: '900', tenant: 'demo', service: 'id.test/demo', channel: 'CH_TDSPUSH', policy: 'AT_PASA' },
        ...{ type: 'DT_TDSV4', cal: ['accept'], client: 'Bank', iat: state.now_seconds, exp: state.now_seconds + 20 },
        ...more,
      }),
  }
}
