/** What an enrolment is told by the screen that starts it, and what it tells the screen meanwhile. */
import type { PasswordProtection } from '@countersign/protocol/approve/policy-document.ts'

export type EnrolStep = 'asking' | 'keys' | 'code' | 'registering' | 'keeping'

export interface Enrolment {
  /** The name that the user gives to this device, 1 to 64 characters. */
  readonly name: string
  /** `web`, `node`, …: what the list of devices shows. */
  readonly platform: string
  /** Asked when the service wants a password, before anything is registered. */
  readonly password?: ((rules: PasswordProtection) => Promise<string>) | undefined
  readonly progress?: ((step: EnrolStep) => void) | undefined
}
