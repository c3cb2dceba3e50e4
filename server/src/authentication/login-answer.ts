/** What a step of a login can come to. The door words it; nothing here tells whether somebody exists. */
import type { Login } from '#authentication/login-find.ts'
import type { SecondFactor } from '#workflow/factor.ts'

export type StepAnswer =
  /** Nothing more is to be done: the login can be ended. */
  | { readonly kind: 'ready'; readonly expiresIn_seconds?: number | undefined }
  /** What protects an enrolment was proved. */
  | { readonly kind: 'protected'; readonly expiresIn_seconds?: number | undefined }
  | { readonly kind: 'second'; readonly factors: readonly SecondFactor[] }
  | { readonly kind: 'consent' }
  /** Wrong; `left` tries where the factor bounds them. */
  | { readonly kind: 'wrong'; readonly left: number | undefined }
  /** The login is over; the client hears why by the redirect. */
  | { readonly kind: 'over' }
  | { readonly kind: 'no template' }
  /** The password was right and its time is over. */
  | { readonly kind: 'change needed' }
  /** Somebody is being asked on his device. */
  | { readonly kind: 'pending'; readonly number: string | undefined }
  | { readonly kind: 'denied' }
  | { readonly kind: 'not answered' }
  | { readonly kind: 'sent'; readonly method: string; readonly to: string | undefined }
  /** Options of WebAuthn, for the browser. */
  | { readonly kind: 'options'; readonly options: Readonly<Record<string, unknown>> }
  /** A key that may not be enrolled; why, as a word that a page can explain. */
  | { readonly kind: 'key refused'; readonly reason: string }
  | { readonly kind: 'enrolled'; readonly device: number; readonly name: string | undefined }
  | { readonly kind: 'changed' }
  /** The new password breaks these rules of its policy. */
  | { readonly kind: 'broken'; readonly rules: readonly string[] }

/** An answer with the login as it now is: its csrf value, its person. */
export interface Stepped {
  readonly login: Login
  readonly answer: StepAnswer
}
