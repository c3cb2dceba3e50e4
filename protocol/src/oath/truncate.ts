/**
 * Dynamic truncation: the step from an HMAC value to the digits a person types (RFC 4226 section 5.3).
 * Zero digits means the whole value, which only OCRA knows (RFC 6287 section 5.2); it is shown as lower-case hex.
 * The tenth digit carries little: the number stays below 2^31, so it is 0, 1 or 2.
 */
export function truncate(mac: Uint8Array, digits: number): string {
  if (digits === 0) return hexOf(mac)
  const at = mac[mac.length - 1]! & 0x0f
  const number = ((mac[at]! & 0x7f) << 24) | (mac[at + 1]! << 16) | (mac[at + 2]! << 8) | mac[at + 3]!
  return String(number % 10 ** digits).padStart(digits, '0')
}

function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
