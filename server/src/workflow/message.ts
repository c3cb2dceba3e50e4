/** Texts that carry a code to somebody: `oobMethods` of a factor, `resetPasswordMethods` of an action. */

export const MESSAGE_METHODS = ['email', 'sms'] as const

export interface Message {
  readonly at: string
  readonly method: (typeof MESSAGE_METHODS)[number]
  readonly template: string
  readonly html: boolean
}
