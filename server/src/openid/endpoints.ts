/** The endpoints of the OpenID door. */
import type { Endpoint } from '#http/endpoint.ts'
import { bcauthorize } from '#openid/bcauthorize.ts'
import { deliveries } from '#openid/deliveries.ts'
import { discovery } from '#openid/discovery.ts'
import { jwks } from '#openid/jwks.ts'
import { par } from '#openid/par.ts'
import { deleteClient, readClient, register } from '#openid/register.ts'
import { token } from '#openid/token.ts'
import { userinfo, userinfoByPost } from '#openid/userinfo.ts'

export const openidEndpoints: readonly Endpoint[] = [
  token,
  par,
  bcauthorize,
  deliveries,
  discovery,
  jwks,
  userinfo,
  userinfoByPost,
  register,
  readClient,
  deleteClient,
]
