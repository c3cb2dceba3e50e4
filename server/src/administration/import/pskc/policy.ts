/**
 * A key's Policy, RFC 6030 section 5: what the server cannot enforce makes the key unusable, it is never overlooked
 * ("MUST assume that key usage is not permitted"). Dates and KeyUsage are enforced; a PIN is acceptable only where the
 * token checks it by itself (PINUsageMode Local).
 */
import { timeOf } from '#administration/import/cell-reading.ts'
import type { Element } from '#administration/import/pskc/element.ts'
import { childrenOf, find, PSKC } from '#administration/import/pskc/names.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import type { Algorithm } from '#administration/import/token-record.ts'

const known = new Set(['StartDate', 'ExpiryDate', 'PINPolicy', 'KeyUsage'])
const uses: Readonly<Record<Algorithm, readonly string[]>> = {
  HOTP: ['OTP'],
  TOTP: ['OTP'],
  OCRA: ['CR', 'OTP', 'Integrity'],
}

export function checkPolicy(key: Element, algorithm: Algorithm): void {
  const policy = find(key, PSKC, 'Policy')
  if (!policy) return
  if (policy.children.some(child => child.namespace !== PSKC || !known.has(child.name))) {
    throw new RowProblem('Policy', 'policy', 'The policy of the key has a rule that the server cannot enforce.')
  }
  const allowed = childrenOf(policy, PSKC, 'KeyUsage').map(usage => usage.text)
  if (allowed.length > 0 && !allowed.some(usage => uses[algorithm].includes(usage))) {
    throw new RowProblem('Policy/KeyUsage', 'key_usage', 'The policy of the key does not allow this use.')
  }
  const pin = find(policy, PSKC, 'PINPolicy')
  if (pin && pin.attributes.get('PINUsageMode') !== 'Local') {
    throw new RowProblem('Policy/PINPolicy', 'pin_policy', 'Only a PIN that the token checks by itself is possible.')
  }
}

/** The narrower of the device's and the key's dates. */
export function datesOf(device: Element | undefined, key: Element): { start_at_ms?: number; expiry_at_ms?: number } {
  const policy = find(key, PSKC, 'Policy')
  const starts = [timeIn(device, 'StartDate'), timeIn(policy, 'StartDate')].filter(time => time !== undefined)
  const ends = [timeIn(device, 'ExpiryDate'), timeIn(policy, 'ExpiryDate')].filter(time => time !== undefined)
  return {
    ...(starts.length > 0 && { start_at_ms: Math.max(...starts) }),
    ...(ends.length > 0 && { expiry_at_ms: Math.min(...ends) }),
  }
}

function timeIn(parent: Element | undefined, name: string): number | undefined {
  const element = find(parent, PSKC, name)
  if (!element) return undefined
  const time = timeOf(element.text)
  if (time === undefined) throw new RowProblem(name, 'date', 'The date must be written as 2026-01-31T00:00:00Z.')
  return time
}
