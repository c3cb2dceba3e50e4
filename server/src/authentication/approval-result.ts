/**
 * What a client is told of an answered approval: the id_token in its three forms (plain, signed, signed and encrypted) and the
 * body around it, the same by poll and by push (CIBA Core sections 10.1 and 10.3; members of the reference). Made before the unit that
 * lets it out, because signing takes longer than a unit may.
 */
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { answerOf } from '#authentication/approval-view.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { halfHash, ID_TOKEN_SECONDS, signedAndSealed } from '#authentication/id-token.ts'
import { type ReadySession, readySession } from '#authentication/open-session.ts'
import type { ApprovalBody } from '#domain/approval.ts'
import type { Policy } from '#domain/policy.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import type { Tenant } from '#domain/tenant.ts'

const TX_SCOPE = 'hid-tx-sign'
const REASON = 'Reason not defined'
const REQUEST_ID = 'urn:openid:params:jwt:claim:auth_req_id'

export interface Result {
  readonly answer: ResultBody
  /** Where the answer carries an access token: its session, to be written in the unit that lets it out. */
  readonly ready: ReadySession | undefined
}

export interface ResultBody {
  readonly auth_req_id: string
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in?: number
  readonly id_token: string
}

/** Whether the client hears of a "no" by the status in the token; else as the error `access_denied`. */
export const tellsStatus = ({ scope, dialect }: Pick<ApprovalStanding, 'scope' | 'dialect'>) =>
  dialect === 'reference' && scope.split(' ').includes(TX_SCOPE)

const opensSession = ({ positive, session, dialect }: ApprovalStanding) =>
  positive === 1 && (session === 1 || dialect === 'standard')

export async function resultOf(
  needs: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  body: ApprovalBody,
  client: KnownClient,
  policy: Policy,
  requestId: string,
): Promise<Result> {
  const ready = opensSession(standing) ? readySession(needs) : undefined
  const access = ready?.token ?? ''
  const id_token = await idToken(needs, tenant, standing, body, client, policy, { access, requestId })
  return {
    ready,
    answer: {
      auth_req_id: requestId,
      access_token: access,
      token_type: 'Bearer',
      ...(ready ? { expires_in: Math.floor(policy.sessionValid_ms / 1000) } : {}),
      id_token,
    },
  }
}

interface Around {
  readonly access: string
  readonly requestId: string
}

async function idToken(
  needs: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  body: ApprovalBody,
  client: KnownClient,
  policy: Policy,
  around: Around,
): Promise<string> {
  const { document } = client
  const shared = { result: 1, reason: REASON, ...statementOf(tenant, standing) }
  if (document.callbackPlain === true && standing.dialect === 'reference') {
    return plainToken({
      ...(standing.scope.split(' ').includes(TX_SCOPE) ? { domain: tenant.name } : {}),
      usercode: standing.userExternalId,
      ...shared,
      ...(shared.clientapprovalstatus === undefined ? {} : { deviceid: String(standing.device) }),
    })
  }
  const auth_time = Math.floor((standing.answeredAt ?? 0) / 1000)
  const claims = {
    iss: body.issuer,
    sub: standing.userExternalId,
    aud: client.clientId,
    [REQUEST_ID]: around.requestId,
    auth_time,
    iat: Math.floor(needs.clock.now() / 1000),
    exp: auth_time + ID_TOKEN_SECONDS,
    at_hash: halfHash(around.access),
    acr: levelOf(policy, standing),
    ...shared,
    ...(shared.clientapprovalstatus === undefined ? {} : { deviceid: standing.device }),
  }
  return signedAndSealed(needs, tenant, client, claims)
}

/** The claims of `hid-tx-sign`: what the user said, and the proof that an application can check by itself. */
function statementOf(tenant: Tenant, standing: ApprovalStanding) {
  const answer = answerOf(tenant, standing)
  if (!standing.scope.split(' ').includes(TX_SCOPE) || !answer) return { clientapprovalstatus: undefined }
  return { clientapprovalstatus: standing.answerStatus, JWS: answer.jws, PUK: answer.puk }
}

/** Keys that a page or a file holds count for less than those of hardware. */
export const levelOf = (policy: Policy, { keyProtection }: Pick<ApprovalStanding, 'keyProtection'>): string =>
  keyProtection === 'hardware' ? policy.levelOfAssurance : `${policy.levelOfAssurance}:${keyProtection ?? 'unknown'}`

/** RFC 7519 section 6: for clients that registered it (`hid_ciba_callback_format_plain`). */
export const plainToken = (claims: object) => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
