/**
 * Compares a text of ours with a stranger's without telling by time where they differ: the work depends on the length of
 * the given text alone, which its sender knows. For ASCII; texts of other lengths are different.
 */
export function sameText(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length
  // Past the end charCodeAt is NaN, which xor takes for zero: the lengths have told the difference already.
  for (let i = 0; i < given.length; i++) difference |= expected.charCodeAt(i) ^ given.charCodeAt(i)
  return difference === 0
}

/** The same for bytes. */
export function sameBytes(expected: Uint8Array, given: Uint8Array): boolean {
  let difference = expected.length ^ given.length
  for (let i = 0; i < given.length; i++) difference |= (expected[i] ?? 0) ^ (given[i] ?? 0)
  return difference === 0
}
