/**
 * One sign-in by a passkey, by an application's own front end: PAR by bearer, a challenge, the assertion over it, the redirect with the code,
 * the token endpoint by Basic. The load process is the authenticator (ES256, with a signature counter). The passkeys of all users share one
 * key pair, which costs the server what any other would.
 */
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { benchUser } from './bench-users.ts'
import { codeIn, csrfOf, pushedBody, redeemBody } from './sign-in-cycle.ts'
import { form, got, headersOf, posted, type Walk } from './written-request.ts'

export interface PasskeyPlan {
  readonly kind: 'passkey'
  readonly tenant: string
  readonly client: string
  readonly basic: string
  readonly bearer: string
  readonly origin: string
  /** PKCS #8, base64. */
  readonly privateKey: string
  /** Sign-in k is of user k % users and has counter floor(k / users) + 1. */
  readonly users: number
  readonly first: number
}

export const RP_ID = 'localhost'
export const PASSKEY_POLICY = 'AT_FIDO'

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest()

/** The id of the nth user's passkey. */
export const passkeyId = (n: number): string => sha256(`bench passkey ${n}`).toString('base64url')

const RP_ID_HASH = sha256(RP_ID)
const PRESENT_AND_VERIFIED = 5

export function* passkeySignIns(plan: PasskeyPlan): Generator<Walk, never> {
  const pushed = pushedBody(plan.client)
  const key = createPrivateKey({ key: Buffer.from(plan.privateKey, 'base64'), format: 'der', type: 'pkcs8' })
  for (let k = plan.first; ; k++) yield cycle(plan, pushed, key, (k % plan.users) + 1, Math.floor(k / plan.users) + 1)
}

function* cycle(
  { tenant, basic, bearer, origin }: PasskeyPlan,
  pushed: string,
  key: KeyObject,
  n: number,
  counter: number,
): Walk {
  const authn = `/${tenant}/authn`
  const opened = yield posted(form(`${authn}/par`, bearer, ''), pushed)
  const { request_uri } = JSON.parse(opened.body) as { request_uri: string }
  const call = { request_uri, username: benchUser(n), authType: PASSKEY_POLICY }
  const json = { ...form(`${authn}/code`, '', ''), type: 'application/json' }
  const asked = yield posted(json, JSON.stringify({ ...call, grant_type: 'fido_challenge' }))
  const { challenge } = JSON.parse(asked.body) as { challenge: string }
  const password = assertionOf(key, passkeyId(n), challenge, origin, counter)
  const body = JSON.stringify({ ...call, grant_type: 'password', password })
  const proved = yield posted(json, body, csrfOf(asked))
  const back = yield got(`${authn}/code?request_uri=${encodeURIComponent(request_uri)}`, '', csrfOf(proved))
  yield posted(form(`${authn}/token`, basic, ''), redeemBody(codeIn(headersOf(back, 'location')[0])))
}

/** Web Authentication Level 3 section 6.3.3, as RFC-4648 texts. */
export function assertionOf(key: KeyObject, id: string, challenge: string, origin: string, counter: number) {
  const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }))
  const rest = Buffer.alloc(5)
  rest[0] = PRESENT_AND_VERIFIED
  rest.writeUInt32BE(counter, 1)
  const authenticatorData = Buffer.concat([RP_ID_HASH, rest])
  const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), key)
  return {
    ...{ id, rawId: id, type: 'public-key' },
    response: {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
    },
  }
}
