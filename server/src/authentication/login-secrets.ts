/**
 * The two values that hold a login to one browser: the csrf value, which the page's script reads and repeats (computed from the login and
 * its generation, kept in no row), and the cookie that no script reads, whose hash stands in the row. OWASP CSRF Prevention, HMAC form.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { HashName, Hmac } from '@countersign/protocol/oath/hmac.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { Random } from '#domain/ports/random.ts'
import { nameKey } from '#domain/user.ts'

const COOKIE_BYTES = 32
/** Each call of a login asks for the same value three times; those of a minute fit. */
const MOST_REMEMBERED = 5000
/** Of common authenticators, the commonest more than once. */
const KEY_ID_BYTES = [16, 16, 20, 32, 32, 48] as const

export class LoginSecrets {
  readonly #key: Uint8Array
  readonly #random: Random
  readonly #hmac: Hmac
  readonly #remembered = new Map<string, string>()

  constructor(key: Uint8Array, random: Random, hmac: Hmac) {
    this.#key = key
    this.#random = random
    this.#hmac = hmac
  }

  /** `urn:hid:` and a UUID of 128 bits. */
  csrf(tenant: TenantNumber, login: number, generation: number): string {
    const about = `csrf ${tenant} ${login} ${generation}`
    const known = this.#remembered.get(about)
    if (known !== undefined) return known
    const mac = this.#mac('SHA256', about).toString('hex')
    const [a, b, c, d, e] = [mac.slice(0, 8), mac.slice(8, 12), mac.slice(12, 16), mac.slice(16, 20), mac.slice(20, 32)]
    const text = `urn:hid:${a}-${b}-${c}-${d}-${e}`
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(about, text)
    return text
  }

  sameCsrf(shown: string, tenant: TenantNumber, login: number, generation: number): boolean {
    return same(Buffer.from(shown), Buffer.from(this.csrf(tenant, login, generation)))
  }

  /** The id of a passkey that nobody has: the same for a name each time, and of a length that authenticators make. */
  nobodysKey(tenant: TenantNumber, name: string): string {
    const mac = this.#mac('SHA512', `passkey ${tenant} ${nameKey(name)}`)
    const bytes = KEY_ID_BYTES[(mac[63] ?? 0) % KEY_ID_BYTES.length]
    return mac.subarray(0, bytes).toString('base64url')
  }

  #mac(algorithm: HashName, about: string): Buffer {
    return Buffer.from(this.#hmac(algorithm, this.#key, Buffer.from(about)))
  }

  newBrowser(): { readonly cookie: string; readonly proof: Uint8Array } {
    const cookie = Buffer.from(this.#random.bytes(COOKIE_BYTES)).toString('base64url')
    return { cookie, proof: proofOf(cookie) }
  }

  sameBrowser(kept: Uint8Array, shown: string | undefined): boolean {
    return shown !== undefined && same(Buffer.from(kept), proofOf(shown))
  }
}

const proofOf = (cookie: string) => createHash('sha256').update(cookie).digest()

const same = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other)
