/**
 * An invitation to enrol (`/scim/{tenant}/v2/Device/Provision`): as it is asked for and as it is shown. The value that is wanted,
 * `PROV_MSG`, is the first attribute of the answer that made it, and is in no other answer.
 */
import { type Static, Type } from 'typebox'
import { attribute } from './attribute.ts'
import { entityStatus } from './entity-status.ts'
import { meta } from './meta.ts'
import { memberRef } from './reference.ts'
import { urn } from './urn.ts'

const loose = (description: string) => Type.Optional(Type.Unknown({ description }))

export const provisionWrite = Type.Object({
  schemas: loose('Not looked at'),
  deviceType: loose('DT_TDSV4 and its like; DT_APPR_OT for any authenticator app, without an app of ours'),
  description: loose(
    'did=11845,url=host:443/tenant,pch=CH_TDSPROV,pth=AT_TDSOOB,cb_url=…,cb_notif_token=…,mod=GEN,sec=',
  ),
  owner: loose('{value} or {display} of the user'),
  attributes: loose('AUTH_TYPE: the policy; AT_SMK, or with DT_APPR_OT the policy of its codes'),
})

export const provision = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  meta: Type.Optional(meta),
  deviceType: Type.Optional(Type.String()),
  description: Type.Optional(Type.String({ description: 'Without what is secret in it' })),
  status: Type.Optional(entityStatus),
  owner: Type.Optional(memberRef),
  attributes: Type.Optional(Type.Array(attribute)),
})
export type Provision = Static<typeof provision>

export const provisionAction = Type.Object({
  [urn.action]: loose(
    '{action: "CONFIRM", attributes: [{name: "CODE", value}]}: the six characters that the app shows',
  ),
})
