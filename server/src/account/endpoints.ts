/** The endpoints of the account door. */
import { deviceEndpoints } from '#account/devices.ts'
import { profile } from '#account/profile.ts'
import { session } from '#account/session.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const accountEndpoints: readonly Endpoint[] = [profile, ...deviceEndpoints, session]
