/** What somebody may do beside signing in: change a password, ask for a new one, set it. */
import type { Message } from '#workflow/message.ts'
import type { Reference } from '#workflow/reference.ts'

export const ACTION_CLASSES = ['CHANGE_PWD', 'SET_PWD', 'RESET_PWD', 'FORGOT_PWD'] as const
export type ActionClass = (typeof ACTION_CLASSES)[number]

export interface Action {
  readonly at: string
  readonly id: string
  readonly criteria: Reference
  readonly class: ActionClass
  /** Wrong answers after which the action is over; see `Factor`. */
  readonly retry?: number
  readonly validity_seconds?: number
  readonly resetPasswordMethods: readonly Message[]
  /** The SET_PWD action that ends what a RESET_PWD action began. */
  readonly nextAction?: Reference
}
