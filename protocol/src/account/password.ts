/** The passwords of the person, `/{tenant}/account/passwords` and `/password`; ours. Names of rules are the reference's constraints. */
import { type Static, Type } from 'typebox'

export const ownPassword = Type.Object({
  policy: Type.String({ description: 'AT_STDPWD for example' }),
  name: Type.String(),
  expires_at: Type.Union([Type.String(), Type.Null()]),
  last_used_at: Type.Union([Type.String(), Type.Null()]),
  constraints: Type.Record(Type.String(), Type.Union([Type.Integer(), Type.Boolean(), Type.String()])),
})
export type OwnPassword = Static<typeof ownPassword>

export const ownPasswords = Type.Object({ passwords: Type.Array(ownPassword) })
export type OwnPasswords = Static<typeof ownPasswords>

const secret = Type.String({ maxLength: 512 })
export const passwordChange = Type.Object({
  policy: Type.String({ maxLength: 64 }),
  old_password: secret,
  new_password: secret,
})
