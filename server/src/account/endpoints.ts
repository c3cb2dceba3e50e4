/** The endpoints of the account door. */
import { deviceEndpoints } from '#account/devices.ts'
import { file, page } from '#account/page.ts'
import { passwordEndpoints } from '#account/passwords.ts'
import { profile } from '#account/profile.ts'
import { session } from '#account/session.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const accountEndpoints: readonly Endpoint[] = [
  page,
  file,
  profile,
  ...deviceEndpoints,
  ...passwordEndpoints,
  session,
]
