/** What the page shows, one at a time; and how a refusal is said. */
import type { OwnDevice, OwnDevices } from '@countersign/protocol/account/device.ts'
import type { OwnPassword } from '@countersign/protocol/account/password.ts'
import { en } from './texts/en.ts'
import { say, type TextKey } from './texts/say.ts'

export type View =
  /** `said`: what was just done. */
  | { readonly kind: 'home'; readonly said?: string }
  | { readonly kind: 'add'; readonly types: OwnDevices['types'] }
  | { readonly kind: 'password'; readonly password: OwnPassword }
  | { readonly kind: 'signed out' }
  | { readonly kind: 'over' }
  /** The password; it ends the session. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'failed'; readonly error: string }

export type Show = (view: View) => void

export const nameOf = (device: Pick<OwnDevice, 'friendly_name' | 'type_name'>): string =>
  device.friendly_name ?? device.type_name

export function refusedText(code: string): string {
  const key = `refused.${code}`
  return Object.hasOwn(en, key) ? say(key as TextKey) : say('refused.other')
}
