/**
 * How the SCIM door says no (RFC 7644 section 3.12, with the reference's numeric `errorCode`). Clients show `detail` and `scimType`
 * without looking whether they are there, so both always are: where the RFC has no scimType, our own code stands in.
 */
import type { ScimError } from '@countersign/protocol/scim/error.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'
import { type RefusalCode, refusals } from '#domain/refusal.ts'
import type { Dialect } from '#http/dialect.ts'

export const scimDialect: Dialect = {
  refuse(refusal) {
    const [status, scimType, errorCode] = refusals[refusal.code]
    return { status, body: errorBody(status, scimType ?? wordOf(refusal.code), errorCode, refusal.hint) }
  },
  fault: correlation => ({
    status: 500,
    body: errorBody(500, 'serverError', 0, `Something broke here; the log has it under ${correlation}.`),
  }),
}

function errorBody(status: number, scimType: string, errorCode: number, detail: string): ScimError {
  return { schemas: [urn.error], status: String(status), scimType, errorCode, detail }
}

/** `not_found` as `notFound`. */
const wordOf = (code: RefusalCode) => code.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
