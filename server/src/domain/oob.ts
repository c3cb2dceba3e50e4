/** Where the secrets of codes by mail and SMS stand, each sealed to its row. */
import type { ChallengeId, UserId } from '#domain/ids.ts'
import type { Place } from '#domain/ports/sealer.ts'

export const codePlace = (id: ChallengeId): Place => ({ table: 'oob_code', column: 'body', row: String(id) })

export const activationPlace = (user: UserId, policy: string): Place => ({
  table: 'oob',
  column: 'activation',
  row: `${user}.${policy}`,
})
