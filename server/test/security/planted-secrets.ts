/** Secrets that a test planted, in every spelling in which they could come out again, and the search for them. */

/** A secret and every spelling in which it could leak. */
export interface Planted {
  readonly what: string
  readonly needles: readonly Buffer[]
}

export const spelled = (what: string, bytes: Buffer): Planted => ({
  what,
  needles: [
    bytes,
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    Buffer.from(bytes.toString('base64').replace(/=+$/, '')),
    Buffer.from(bytes.toString('base64url')),
  ],
})
export const text = (what: string, value: string): Planted => spelled(what, Buffer.from(value))

export const foundIn = (place: string, content: Buffer, secrets: readonly Planted[]): string[] =>
  secrets
    .filter(({ needles }) => needles.some(needle => content.includes(needle)))
    .map(({ what }) => `${what} in ${place}`)

/** Short codes are looked for as words, or they would be found inside numbers. */
export const codeIn = (place: string, content: string, codes: readonly string[]): string[] =>
  codes
    .filter(code => new RegExp(`(?<![0-9.])${code}(?![0-9])`).test(content))
    .map(code => `the code ${code} in ${place}`)
