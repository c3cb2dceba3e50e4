/** Whether keys are what the policy document wants (approve protocol, sections 4 and 5). Keys that are not sign nothing: they are renewed first. */
import { algorithmOf } from '@countersign/protocol/approve/public-key.ts'
import type { Registration } from './vault/vault.ts'

export function fitsPolicy({ policy, keys }: Pick<Registration, 'policy' | 'keys'>): boolean {
  if (policy.protection.kind === 'password' && !keys.lock) return false
  return (['logon', 'action'] as const).every(use => algorithmOf(keys.public[use]) === policy.keys[use].algorithm)
}
