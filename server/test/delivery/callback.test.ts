/** Callbacks to clients keep what all gateways promise. */
import { callbackCandidate } from '#delivery/conformance/callback-candidate.ts'
import { engines } from '../fresh-store.ts'
import { describeGateway } from './describe-gateway.ts'

describeGateway(callbackCandidate, engines)
