/** What a screen is made from, and the pieces that several screens share. */
import { type Factor, type Flow, factorsNow } from './flow.ts'
import type { Field, Screen, Situation, Way } from './screen.ts'
import type { Say } from './wording.ts'

export interface Scene {
  readonly flow: Flow
  readonly say: Say
  readonly language: string
  readonly now: Situation
}

export const userField = ({ say, now }: Scene): Field => ({
  name: 'username',
  label: say('userid.label'),
  kind: 'text',
  autocomplete: 'username',
  missing: say('userid.missing'),
  most: 255,
  value: now.username,
})

/** Where somebody signs in: passkeys that tell whose they are stand among the names that the browser proposes (Web Authentication, `conditional`). */
export const signInField = (scene: Scene): Field =>
  discoverable(scene.flow) === undefined ? userField(scene) : { ...userField(scene), autocomplete: 'username webauthn' }

export function whoIn({ flow, say, now }: Scene): Screen['who'] {
  const name = flow.username ?? now.username
  if (name === undefined) return undefined
  const fixed = flow.step !== 'first' || now.named === true
  return fixed ? { name } : { name, change: { label: say('userid.change'), place: { at: 'name' } } }
}

/** The way to the other factors, where there are some. */
export function otherWays({ flow, say }: Scene): Way[] {
  return factorsNow(flow).length > 1 ? [{ label: say('select_factor.other'), place: { at: 'choose' } }] : []
}

export const discoverable = ({ step, firstFactors }: Flow): Factor | undefined =>
  step === 'first' ? firstFactors.find(({ discovers }) => discovers) : undefined

/** Who it is, where that is known: sent along, and found by password managers although nobody types it. */
export const knownName = ({ flow, now }: Scene): string | undefined => flow.username ?? now.username
