/** The endpoints of the approve door. */
import { activationEndpoints } from '#approve/activation.ts'
import { deviceEndpoints } from '#approve/device.ts'
import { requestEndpoints } from '#approve/requests.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const approveEndpoints: readonly Endpoint[] = [...activationEndpoints, ...requestEndpoints, ...deviceEndpoints]
