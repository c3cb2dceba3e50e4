/**
 * Who may use the bridge: a page whose person typed the code of the terminal, once for the tab. A code is good for one page; after it, and
 * after five wrong ones, there is a new one. Tokens are of the origin that paired, and gone with the bridge.
 */

import type { Random } from '#domain/ports/random.ts'
import { sameText } from '#domain/same-text.ts'

const DIGITS = 8
const WRONG = 5
const MOST_TOKENS = 100
const TOKEN_BYTES = 32

export class Pairing {
  readonly #random: Random
  readonly #show: (code: string) => void
  readonly #tokens: { readonly origin: string; readonly token: string }[] = []
  #code = ''
  #wrong = 0

  /** `show` prints each new code. */
  constructor(random: Random, show: (code: string) => void) {
    this.#random = random
    this.#show = show
    this.#renew()
  }

  /** The token; undefined for a wrong code. */
  pair(origin: string, code: string): string | undefined {
    if (!sameText(this.#code, code.replace(/[ -]/g, ''))) {
      this.#wrong += 1
      if (this.#wrong >= WRONG) this.#renew()
      return undefined
    }
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('base64url')
    this.#tokens.push({ origin, token })
    if (this.#tokens.length > MOST_TOKENS) this.#tokens.shift()
    this.#renew()
    return token
  }

  knows(origin: string, token: string): boolean {
    return this.#tokens.some(one => one.origin === origin && sameText(one.token, token))
  }

  #renew(): void {
    this.#wrong = 0
    let number = 0n
    for (const byte of this.#random.bytes(16)) number = number * 256n + BigInt(byte)
    this.#code = String(number % 10n ** BigInt(DIGITS)).padStart(DIGITS, '0')
    this.#show(this.#code)
  }
}
