/**
 * A screen of the portal as data: made once (`screen-of.ts`), drawn twice, by the server for pages without scripts and by the page
 * itself. One form each, with the names of the wire, so that both send the same call.
 */
import type { Constraints, Method } from './flow.ts'
import type { Place } from './place.ts'
import type { RuleName } from './rules.ts'

export interface Screen {
  readonly title: string
  readonly lead?: string | undefined
  /** Who signs in, where that is known; `change` leads to the step where another name is typed. */
  readonly who?: { readonly name: string; readonly change?: Way } | undefined
  readonly notice?: Notice | undefined
  readonly form?: Form | undefined
  /** What is said where the form cannot be used: always without scripts, and with them where there is no form. */
  readonly lacks?: string | undefined
  /** What the screen asks to choose from. */
  readonly choices?: readonly Way[]
  /** What the application gets to know. */
  readonly sharings?: readonly Sharing[]
  /** An approval is under way; the number is typed on the phone. Or the reader waits for a card, which `hint` says. */
  readonly waiting?: { readonly number?: string | undefined; readonly hint?: string } | undefined
  /** Other ways than the form. */
  readonly ways: readonly Way[]
  /** The way out, to the application: a link, or the form that gives up. */
  readonly out?: { readonly label: string; readonly kind: 'link' | 'cancel' } | undefined
}

export interface Way {
  readonly label: string
  readonly hint?: string | undefined
  readonly place: Place
  readonly look?: 'primary' | undefined
}

export interface Notice {
  readonly tone: 'error' | 'warning' | 'success' | 'info'
  readonly text: string
}

export interface Sharing {
  readonly scope: string
  readonly description: string
}

/** Forms that ask an authenticator or a reader before anything is sent; pages without scripts have none of them. */
export const KEY_ACTIONS = ['use passkey', 'enrol passkey', 'use card', 'enrol card'] as const
export type KeyAction = (typeof KEY_ACTIONS)[number]

export interface Form {
  readonly action: 'code' | 'consent' | 'portal' | 'enroll/code' | KeyAction
  /** Sent as they are. */
  readonly values: Readonly<Record<string, string>>
  readonly place: Place
  /** Where a page without scripts goes on when the call was answered well. */
  readonly after?: Place | undefined
  readonly fields: readonly Field[]
  readonly devices?: { readonly label: string; readonly options: readonly { id: string; name: string }[] } | undefined
  readonly rules?: { readonly constraints: Constraints; readonly shown: readonly ShownRule[] } | undefined
  readonly buttons: readonly FormButton[]
}

export interface ShownRule {
  readonly name: RuleName
  readonly text: string
  readonly broken: boolean
}

export interface Field {
  readonly name: 'username' | 'password' | 'old_password' | 'new_password' | 'reset_code' | 'pairing_code'
  readonly label: string
  readonly hint?: string | undefined
  readonly kind: 'text' | 'password' | 'code'
  readonly autocomplete:
    | 'username'
    | 'username webauthn'
    | 'current-password'
    | 'new-password'
    | 'one-time-code'
    | 'off'
  /** Said when it is left empty. */
  readonly missing: string
  readonly most: number
  readonly value?: string | undefined
}

export interface FormButton {
  readonly label: string
  readonly primary: boolean
  /** What is sent when this one is pressed: `oob_method=sms`. */
  readonly sends?:
    | { readonly name: 'oob_method' | 'method' | 'sharings' | 'reader'; readonly value: string }
    | undefined
}

/** What stands beside the flow: what was said at the last call, what the page remembers. */
export interface Situation {
  readonly client: string
  /** Typed here, not yet proved. */
  readonly username?: string | undefined
  /** The client named the person: nobody else signs in. */
  readonly named?: boolean | undefined
  readonly notice?: Notice | undefined
  readonly broken?: readonly string[] | undefined
  readonly number?: string | undefined
  /** What was right a moment ago and is asked once more: the old password, the code of a reset. */
  readonly kept?: Readonly<Partial<Record<Field['name'], string>>> | undefined
  readonly expires_seconds?: number | undefined
  readonly sharings?: readonly Sharing[] | undefined
  /** What the page can do beyond forms; undefined where it has no scripts. */
  readonly can?: { readonly passkeys: boolean; readonly nfc: boolean } | undefined
  /** The card bridge of this computer, once it was asked. */
  readonly reader?: 'absent' | 'unpaired' | 'waiting' | undefined
  /** What protects the enrolment has to be proved, whatever the flow said of it. */
  readonly unprotected?: boolean | undefined
  readonly sentTo?: { readonly method: Method; readonly to?: string | undefined } | undefined
}
