/**
 * Serial numbers of contactless cards (CSN, UID; ISO/IEC 14443-3, ISO/IEC 15693): 4 to 10 bytes. Readers print them in many ways; here
 * they are hexadecimal, capitals, nothing between, and compared as such. Whoever prints the bytes in another order has another card.
 */
const form = /^(?:[0-9A-F]{2}){4,10}$/
export const LONGEST_PRINTED = 40

/** Undefined for what is no serial number. */
export function csnOf(printed: string): string | undefined {
  if (printed.length > LONGEST_PRINTED) return undefined
  const csn = printed.replace(/[:\- ]/g, '').toUpperCase()
  return form.test(csn) ? csn : undefined
}
