/**
 * The signed approval: what a device signs and an application verifies (approve protocol, section 7; `JWS` of the reference).
 * The payload has exactly three members in one order, because applications compare it; everything that ties it to one request
 * (purpose, tenant, transaction, device, number) stands in the protected header, so that no signature serves twice.
 */
import { type Static, Type } from 'typebox'
import Value from 'typebox/value'
import { type ApprovalAlgorithm, approvalAlgorithms } from './public-key.ts'

export const purposes = ['logon', 'action'] as const
export type Purpose = (typeof purposes)[number]

export const approvalHeader = Type.Object(
  {
    typ: Type.Literal('JWT'),
    alg: Type.Enum(approvalAlgorithms),
    purpose: Type.Union([Type.Literal('logon'), Type.Literal('action'), Type.Literal('dcs')]),
    /** With `dcs`: which of the two keys signs. */
    kind: Type.Optional(Type.Enum(purposes)),
    tenant: Type.String({ maxLength: 64 }),
    transaction: Type.String({ maxLength: 64 }),
    device: Type.String({ maxLength: 20 }),
    number: Type.Optional(Type.String({ pattern: '^[0-9]{2}$' })),
  },
  { additionalProperties: false },
)
export type ApprovalHeader = Static<typeof approvalHeader>

export interface ApprovalStatement {
  readonly status: string
  readonly tds: string
  readonly counter: number
}

export function headerText(header: ApprovalHeader): string {
  const { typ, alg, purpose, kind, tenant, transaction, device, number } = header
  return JSON.stringify({ typ, alg, purpose, kind, tenant, transaction, device, number })
}

export function statementText({ status, tds, counter }: ApprovalStatement): string {
  return JSON.stringify({ clientapprovalstatus: status, tds, txcounter: String(counter) })
}

export interface ReadApproval {
  readonly header: ApprovalHeader
  readonly statement: ApprovalStatement
}

/** From the two decoded parts of the JWS. Undefined unless both are written exactly as above would write them. */
export function readApproval(header: string, payload: string): ReadApproval | undefined {
  const read = parsed(header)
  if (!Value.Check(approvalHeader, read) || headerText(read) !== header) return undefined
  const claims = parsed(payload) as { clientapprovalstatus?: unknown; tds?: unknown; txcounter?: unknown } | undefined
  const { clientapprovalstatus: status, tds, txcounter } = claims ?? {}
  if (typeof status !== 'string' || typeof tds !== 'string' || typeof txcounter !== 'string') return undefined
  if (!/^[1-9][0-9]{0,14}$/.test(txcounter)) return undefined
  const statement = { status, tds, counter: Number(txcounter) }
  return statementText(statement) === payload ? { header: read, statement } : undefined
}

export const isApprovalAlgorithm = (name: string): name is ApprovalAlgorithm =>
  (approvalAlgorithms as readonly string[]).includes(name)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
