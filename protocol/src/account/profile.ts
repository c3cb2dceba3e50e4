/** Who the person is and when he signed in, `/{tenant}/account/profile`; ours. */
import { type Static, Type } from 'typebox'

const maybeText = Type.Union([Type.String(), Type.Null()])

export const profile = Type.Object({
  user_name: Type.String(),
  given_name: maybeText,
  family_name: maybeText,
  sign_ins: Type.Array(
    Type.Object({
      at: Type.String({ description: 'RFC 3339' }),
      policy: Type.String(),
      policy_name: Type.String(),
      channel: maybeText,
      device: Type.Union([Type.String({ description: 'Id of the device' }), Type.Null()]),
    }),
    { description: 'The last one by each way of proving oneself, newest first, ten at most' },
  ),
})
export type Profile = Static<typeof profile>
