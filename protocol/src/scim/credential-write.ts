/** What of a credential may be written: its status and dates. Names are read in any case, so this shape only describes. */
import { type Static, Type } from 'typebox'

const loose = (description: string) => Type.Optional(Type.Unknown({ description }))

export const credentialWrite = Type.Object({
  schemas: loose('Not looked at'),
  status: loose('{status, startDate, expiryDate}, each alone or together'),
  meta: loose('meta.version, when sent, must be the latest'),
})
export type CredentialWrite = Static<typeof credentialWrite>
