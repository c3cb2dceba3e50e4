/**
 * One approval from the request to the token (CIBA Core sections 7 and 10.1; docs/approve-protocol.md sections 6 and 7): a client asks, the
 * phone reads the request and signs it, the client fetches the result. The phones' work is done here, in the load process.
 * Surprise: a push would tell the phone the id of the request; here it is read out of the auth_req_id with the server's own key.
 */
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { headerText, statementText } from '@countersign/protocol/approve/approval.ts'
import { CALL_SCHEME, CALL_TYPE } from '@countersign/protocol/approve/call.ts'
import { MaskedHandles } from '#keys/handles.ts'
import { form, got, posted, type Walk } from './written-request.ts'

export interface ApprovalPlan {
  readonly kind: 'approval'
  /** Where `seed-phones.ts` wrote the phones. */
  readonly file: string
  /** Cycle k is for phone k % phones, by client k % clients, and that phone's signature floor(k / phones) + 1. */
  readonly first: number
  /** Authorization values, one for each client: each has a budget of its own. */
  readonly bearers: readonly string[]
  /** Thumbprint of the approve root. */
  readonly root: string
}

/** What `seed-phones.ts` writes. */
export interface PhonesFile {
  readonly tenant: string
  readonly algorithm: 'RS512' | 'ES256'
  readonly handleKey: { readonly number: number; readonly bytes: string }
  readonly clients: readonly { readonly clientId: string; readonly secret: string }[]
  /** Keys as base64 of PKCS #8; `logon` numbers one of `logonKeys`. */
  readonly logonKeys: readonly string[]
  readonly phones: readonly {
    readonly user: string
    readonly device: number
    readonly request: string
    readonly logon: number
  }[]
}

interface Phone {
  readonly user: string
  readonly device: string
  readonly request: KeyObject
  readonly logon: KeyObject
}

const TDS = 'Log on to the bench bank'
const part = (text: string | Buffer) => Buffer.from(text).toString('base64url')
const HINT_HEAD = part('{"alg":"none","typ":"JWT"}')

export function* approvals({ file, first, bearers, root }: ApprovalPlan): Generator<Walk, never> {
  const { tenant, algorithm, handleKey, logonKeys, phones } = JSON.parse(readFileSync(file, 'utf8')) as PhonesFile
  const logon = logonKeys.map(keyOf)
  const held = phones.map(one => ({
    user: one.user,
    device: String(one.device),
    request: keyOf(one.request),
    logon: logon[one.logon] as KeyObject,
  }))
  const key = { number: handleKey.number, bytes: Buffer.from(handleKey.bytes, 'base64') }
  const handles = new MaskedHandles({ bytes: length => new Uint8Array(length) }, key)
  for (let k = first; ; k++) {
    const bearer = bearers[k % bearers.length] as string
    const phone = held[k % held.length] as Phone
    yield cycle({ tenant, algorithm, root, handles, bearer, phone, nth: Math.floor(k / held.length) })
  }
}

interface Cycle {
  readonly tenant: string
  readonly algorithm: 'RS512' | 'ES256'
  readonly root: string
  readonly handles: MaskedHandles
  readonly bearer: string
  readonly phone: Phone
  /** How many answers this phone has signed before. */
  readonly nth: number
}

function* cycle(around: Cycle): Walk {
  const { tenant, algorithm, handles, bearer, phone, nth } = around
  const hint = { usercode: phone.user, tds: TDS, authpol: 'AT_PASA', createSession: '1' }
  const asked = `scope=openid+hid-tx-sign&login_hint_token=${HINT_HEAD}.${part(JSON.stringify(hint))}.`
  const opened = yield posted(form(`/${tenant}/authn/bcauthorize`, bearer, ''), asked)
  const { auth_req_id } = JSON.parse(opened.body) as { auth_req_id: string }
  const transaction = String(handles.read('auth_req_id', auth_req_id)?.rowId)

  const path = `/approve/v1/approvals/${transaction}`
  const shown = yield got(`/${tenant}${path}`, signedCall(around, 'GET', path, '', nth))
  const { tds, purpose } = JSON.parse(shown.body) as { tds: string; purpose: 'logon' }

  const { device } = phone
  const head = part(headerText({ typ: 'JWT', alg: algorithm, purpose, tenant, transaction, device }))
  const text = `${head}.${part(statementText({ status: 'accept', tds, counter: nth + 1 }))}`
  const body = JSON.stringify({ jws: `${text}.${signature(algorithm, phone.logon, text)}` })
  const authorization = signedCall(around, 'POST', `${path}/answer`, body, nth + 1)
  yield posted({ path: `/${tenant}${path}/answer`, authorization, type: 'application/json', body: '' }, body)

  const poll = `grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=${encodeURIComponent(auth_req_id)}`
  yield posted(form(`/${tenant}/authn/token`, bearer, ''), poll)
}

function signedCall({ root, phone }: Cycle, m: string, p: string, body: string, c: number): string {
  const b = createHash('sha256').update(body).digest('base64url')
  const call = { m, p, q: '', b, r: root, t: Math.floor(Date.now() / 1000), c }
  const head = { alg: 'ES256', typ: CALL_TYPE, kid: phone.device }
  const text = `${part(JSON.stringify(head))}.${part(JSON.stringify(call))}`
  return `${CALL_SCHEME} ${text}.${signature('ES256', phone.request, text)}`
}

function signature(algorithm: 'RS512' | 'ES256', key: KeyObject, text: string): string {
  const bytes = Buffer.from(text)
  if (algorithm === 'RS512') return sign('sha512', bytes, key).toString('base64url')
  return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

const keyOf = (text: string) => createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })
