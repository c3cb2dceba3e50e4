/**
 * An authenticator as it is written: POST names policy and owner, PUT merges status, dates and a new password. Names are read in
 * any case, so this shape only describes; each member is checked when it is read.
 */
import { type Static, Type } from 'typebox'
import { urn } from './urn.ts'

const loose = (description: string) => Type.Optional(Type.Unknown({ description }))

export const authenticatorWrite = Type.Object({
  schemas: loose('Not looked at'),
  policy: loose('{value}: code of an authentication policy'),
  owner: loose('{value} with the internal id, or {display} with a name of the user'),
  status: loose('{status, startDate, expiryDate}; dates have the defaults of the policy'),
  meta: loose('meta.version, when sent, must be the latest'),
  activationCode: loose('With REGISTER-OOB: must be shown before a code goes out; `null` means none'),
  useActivationCode: loose('false: none, whatever activationCode says'),
  [urn.action]: loose('{action: `REGISTER-OOB`, attributes: OOB_DEVICETYPE_CODE, OOB_CREDENTIALTYPE_CODE}'),
  [urn.password]: loose('{username, password}; needed with password policies, refused with others'),
})
export type AuthenticatorWrite = Static<typeof authenticatorWrite>

/** What is posted to an authenticator itself: an action. */
export const actionRequest = Type.Object({
  schemas: loose('Not looked at'),
  activationCode: loose('With REGISTER-OOB'),
  useActivationCode: loose('With REGISTER-OOB'),
  [urn.action]: loose('{action, attributes}'),
})
export type ActionRequest = Static<typeof actionRequest>
