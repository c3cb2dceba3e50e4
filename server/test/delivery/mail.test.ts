/** Mail keeps what all roads to people promise. */
import { engines } from '../fresh-store.ts'
import { describeMessages } from './describe-messages.ts'
import { mailCandidate } from './mail-provider.ts'

describeMessages(mailCandidate, engines)
