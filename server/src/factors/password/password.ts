/**
 * Static passwords. Whether a password matches is found out by a slow hash outside of the unit of work, so this factor
 * decides over facts. That a password is expired is only told to somebody who knows it: `wrong` comes first.
 */
import { type Static, Type } from 'typebox'
import { defineFactor, type Outcome, rejected } from '#factors/factor.ts'
import { passwordSettings } from '#factors/password/settings.ts'

const state = Type.Object({})
const proof = Type.Object({ matches: Type.Boolean(), expired: Type.Boolean() })

export function decidePassword(facts: Static<typeof proof>): Outcome<Static<typeof state>> {
  if (!facts.matches) return rejected('wrong')
  if (facts.expired) return rejected('expired')
  return { outcome: 'accepted', state: {}, amr: ['pwd'] }
}

export const password = defineFactor({
  kind: 'password',
  settings: passwordSettings,
  state,
  proof,

  verify: (_, facts) => decidePassword(facts),
})
