/**
 * What the approve root says about a working key (approve protocol, section 3): a JWS good for 400 days. A working key whose
 * statement nears its end, names another tenant (it came from elsewhere) or was made by another root must be followed by a new one.
 */
import { STATEMENT_TYPE, type Statement } from '@countersign/protocol/approve/statement.ts'
import type { EcKeyRow } from '#domain/ports/ec-key-queries.ts'
import type { EcKey } from '#keys/ec-key.ts'

const DAY_SECONDS = 86_400
const GOOD_FOR_SECONDS = 400 * DAY_SECONDS
const RENEWED_BEFORE_SECONDS = 60 * DAY_SECONDS

export function workingStatement(root: EcKey, tenant: string, working: EcKey, now_ms: number): string {
  const iat = Math.floor(now_ms / 1000)
  const payload: Statement = { use: 'working', jwk: working.publicJwk, tenant, iat, exp: iat + GOOD_FOR_SECONDS }
  return root.signCompact({ typ: STATEMENT_TYPE }, payload)
}

export interface Standing {
  /** Apps cannot use it here at all. */
  readonly foreign: boolean
  /** A successor is due. */
  readonly ageing: boolean
  readonly end_ms: number
}

/** The statement is our own, read back from our store. */
export function standingOf({ statement }: EcKeyRow, root: EcKey, tenant: string, now_ms: number): Standing {
  const [header = '', payload = ''] = (statement ?? '').split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Statement
  const left_seconds = said.exp - Math.floor(now_ms / 1000)
  return {
    foreign: kid !== root.kid || said.tenant !== tenant,
    ageing: left_seconds < RENEWED_BEFORE_SECONDS,
    end_ms: said.exp * 1000,
  }
}
