/** Short messages over HTTP keep what all roads to people promise. */
import { engines } from '../fresh-store.ts'
import { describeMessages } from './describe-messages.ts'
import { smsCandidate } from './sms-provider.ts'

describeMessages(smsCandidate, engines)
