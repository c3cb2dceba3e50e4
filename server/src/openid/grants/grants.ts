/** The grants of the token endpoint by their `grant_type`; discovery tells the same list. */
import { apiOtp } from '#openid/grants/api-otp.ts'
import { authorizationCode } from '#openid/grants/authorization-code.ts'
import { CIBA_GRANT, ciba } from '#openid/grants/ciba.ts'
import { cibaDelete } from '#openid/grants/ciba-delete.ts'
import { clientCredentials } from '#openid/grants/client-credentials.ts'
import type { Grant } from '#openid/grants/grant.ts'
import { password } from '#openid/grants/password.ts'

export const grants: ReadonlyMap<string, Grant> = new Map([
  ['client_credentials', clientCredentials],
  ['password', password],
  ['authorization_code', authorizationCode],
  [CIBA_GRANT, ciba],
  ['ciba_delete', cibaDelete],
  ['api_otp', apiOtp],
])
