/** Web Push keeps what all gateways promise. */
import { webPushCandidate } from '#delivery/conformance/web-push-candidate.ts'
import { engines } from '../fresh-store.ts'
import { describeGateway } from './describe-gateway.ts'

describeGateway(webPushCandidate(), engines)
