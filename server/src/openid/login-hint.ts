/**
 * `login_hint_token`: parameters in the shape of an unsigned JWT (security.md C8, tolerance T13). Read only for a client that has proved
 * itself, and as parameters, never as a proof; no other JWT with `alg` none is read anywhere. Deployed clients pad its parts, write
 * the padding as %3D, leave `typ` or the last dot out.
 */
import { type HintClaims, hintClaims } from '@countersign/protocol/openid/bcauthorize.ts'
import { Compile } from 'typebox/schema'
import { Refusal } from '#domain/refusal.ts'

const isHint = Compile(hintClaims)
const unreadable = () => new Refusal('invalid_request', 'The login_hint_token could not be read.')

export function readLoginHint(token: string): HintClaims {
  const [head = '', body = '', ...rest] = token.trim().split('.')
  if (rest.length > 1 || (rest[0] ?? '') !== '') throw unreadable()
  const header = objectOf(head)
  const claims = objectOf(body)
  if (header?.alg !== 'none' || !isHint.Check(claims)) throw unreadable()
  return claims as HintClaims
}

/** What a risk service is told: an unsigned JWT inside the hint. Audited and handed on, it decides nothing here. */
export function readRiskInfo(token: string): Readonly<Record<string, string>> {
  const [head = '', body = ''] = token.split('.')
  const claims = objectOf(body)
  if (objectOf(head)?.alg !== 'none' || !claims) {
    throw new Refusal('invalid_request', 'RMSInfo of the login_hint_token could not be read.')
  }
  const names = ['TM_CLIENT_IP', 'TM_SESSION_SID', 'TM_DEVICE_TAG', 'TM_SESSION_TRANSFER']
  const values = names.flatMap(name => {
    const value = claims[name]
    return typeof value === 'string' && value.length <= 256 ? [[name, value]] : []
  })
  return Object.fromEntries(values)
}

function objectOf(part: string): Record<string, unknown> | undefined {
  const bare = part.replaceAll(/%3D/gi, '=').replace(/=+$/, '')
  if (!/^[A-Za-z0-9_-]+$/.test(bare)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(bare, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
