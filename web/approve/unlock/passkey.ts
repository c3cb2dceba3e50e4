/**
 * Unlocking by a passkey instead of typing the PIN: the passkey's PRF output (WebAuthn Level 3, section 10.1.4) is the key under
 * which the PIN is kept on this device. The passkey is registered nowhere: without the authenticator and its user the kept bytes
 * say nothing. Offered only where the browser says that it can do this.
 */
export interface KeptPin {
  readonly credential: string
  readonly salt: string
  readonly iv: string
  readonly sealed: string
}

const INFO = 'countersign pin under passkey'
const place = (container: string) => `passkey:${container}`

export async function canUsePasskeys(): Promise<boolean> {
  const known = globalThis.PublicKeyCredential
  if (!known || typeof known.getClientCapabilities !== 'function') return false
  const can: Readonly<Record<string, boolean>> = await known.getClientCapabilities().catch(() => ({}))
  return can['extension:prf'] === true && can.userVerifyingPlatformAuthenticator === true
}

export const hasPasskey = (container: string) => kept(container) !== undefined
export const dropPasskey = (container: string) => localStorage.removeItem(place(container))

export async function keepByPasskey(container: string, account: string, pin: string): Promise<'kept' | 'impossible'> {
  const salt = random(32)
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name: document.title },
      user: { id: random(16), name: account, displayName: account },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required' },
      extensions: { prf: { eval: { first: salt } } },
    },
  })) as PublicKeyCredential | null
  if (!made?.getClientExtensionResults().prf?.enabled) return 'impossible'
  const credential = text(new Uint8Array(made.rawId))
  const key = await keyFor(credential, salt)
  const iv = random(12)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(pin))
  const keep: KeptPin = { credential, salt: text(salt), iv: text(iv), sealed: text(new Uint8Array(sealed)) }
  localStorage.setItem(place(container), JSON.stringify(keep))
  return 'kept'
}

export async function pinByPasskey(container: string): Promise<string> {
  const keep = kept(container)
  if (!keep) throw new Error('no passkey unlocks this account')
  const key = await keyFor(keep.credential, bytes(keep.salt))
  const pin = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes(keep.iv) }, key, bytes(keep.sealed))
  return new TextDecoder().decode(pin)
}

async function keyFor(credential: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const shown = (await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      allowCredentials: [{ type: 'public-key', id: bytes(credential) }],
      userVerification: 'required',
      extensions: { prf: { eval: { first: salt } } },
    },
  })) as PublicKeyCredential | null
  const output = shown?.getClientExtensionResults().prf?.results?.first
  if (!output) throw new Error('the passkey gave no key')
  const base = await crypto.subtle.importKey('raw', output, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(INFO) }
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

function kept(container: string): KeptPin | undefined {
  const found = localStorage.getItem(place(container))
  return found === null ? undefined : (JSON.parse(found) as KeptPin)
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const text = (some: Uint8Array) => btoa(String.fromCharCode(...some))
const bytes = (base64: string) => Uint8Array.from(atob(base64), one => one.charCodeAt(0))
