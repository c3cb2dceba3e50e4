/** The endpoints of the OpenID door. */
import type { Endpoint } from '#http/endpoint.ts'
import { bcauthorize } from '#openid/bcauthorize.ts'
import { code, codeRedirect } from '#openid/code.ts'
import { consent, signConsent, signConsentByPost } from '#openid/consent.ts'
import { deliveries } from '#openid/deliveries.ts'
import { discovery } from '#openid/discovery.ts'
import { enrolCard } from '#openid/enrol-card.ts'
import { enrolCode } from '#openid/enrol-code.ts'
import { enrolFido } from '#openid/enrol-fido.ts'
import { flow, theme } from '#openid/flow.ts'
import { jwks } from '#openid/jwks.ts'
import { login, loginByPost } from '#openid/login.ts'
import { par } from '#openid/par.ts'
import { portal, portalName } from '#openid/portal.ts'
import { portalFile } from '#openid/portal-files.ts'
import { resetByLink, showReset } from '#openid/portal-reset.ts'
import { deleteClient, readClient, register, updateClient } from '#openid/register.ts'
import { token } from '#openid/token.ts'
import { userinfo, userinfoByPost } from '#openid/userinfo.ts'

export const openidEndpoints: readonly Endpoint[] = [
  token,
  par,
  login,
  loginByPost,
  flow,
  theme,
  code,
  codeRedirect,
  enrolCode,
  enrolCard,
  enrolFido,
  consent,
  signConsent,
  signConsentByPost,
  portal,
  portalName,
  portalFile,
  showReset,
  resetByLink,
  bcauthorize,
  deliveries,
  discovery,
  jwks,
  userinfo,
  userinfoByPost,
  register,
  readClient,
  updateClient,
  deleteClient,
]
