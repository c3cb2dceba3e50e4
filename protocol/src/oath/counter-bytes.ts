/**
 * A counter or time step as the eight bytes, high first, of RFC 4226 section 5.1; OCRA writes C and T alike
 * (RFC 6287 section 5.1). Whole numbers up to 2^53 - 1 only: beyond, JavaScript would silently take a neighbour.
 */
const LOW_RANGE = 2 ** 32

export function writeCounter(counter: number, into: Uint8Array, offset: number): void {
  if (!Number.isSafeInteger(counter) || counter < 0)
    throw new RangeError('a counter is a whole number from 0 to 2^53 - 1')
  let high = Math.floor(counter / LOW_RANGE)
  let low = counter % LOW_RANGE
  for (let place = 3; place >= 0; place--) {
    into[offset + place] = high & 0xff
    into[offset + place + 4] = low & 0xff
    high = Math.floor(high / 256)
    low = Math.floor(low / 256)
  }
}
