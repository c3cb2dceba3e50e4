/** Registration and assertion by a software authenticator, for each algorithm; what is wrong is refused by name, and nothing throws. */
import { describe, expect, test } from 'vitest'
import { STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import type { AssertionCheck, PasskeyRecord, RegistrationCheck } from '#domain/ports/passkeys.ts'
import { WebAuthnPasskeys } from '#keys/webauthn/passkeys.ts'
import { packedSelf } from './attesters.ts'
import { type Algorithm, type Attest, type Habits, SoftAuthenticator } from './authenticator.ts'

const ORIGIN = 'https://login.example.com'
const RP_ID = 'login.example.com'
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url')
const options = { challenge: CHALLENGE, rp: { id: RP_ID }, user: { id: 'dTE' }, rpId: RP_ID }
const passkeys = new WebAuthnPasskeys({ find: async () => undefined })

const asked = {
  policy: STOCK_FIDO_POLICY,
  challenge: CHALLENGE,
  origins: [ORIGIN],
  rpId: RP_ID,
  userVerification: 'required',
  attestation: 'none',
  allowedAAGUIDs: undefined,
  now_ms: Date.now(),
} as const

const register = (credential: unknown, more: Partial<RegistrationCheck> = {}) =>
  passkeys.verifyRegistration({ ...asked, ...more, credential })

async function enrolled(authenticator: SoftAuthenticator, attest?: Attest): Promise<PasskeyRecord> {
  const verdict = await register(authenticator.create(options, ORIGIN, attest))
  if (verdict.verdict !== 'accepted') throw new Error(`${verdict.reason}: ${verdict.detail}`)
  return verdict.record
}

const signIn = (assertion: unknown, record: PasskeyRecord, more: Partial<AssertionCheck> = {}) =>
  passkeys.verifyAssertion({ ...asked, ...more, assertion, record })

describe('a passkey is enrolled and signs in', () => {
  test.each<Algorithm>(['ES256', 'ES384', 'EdDSA', 'RS256'])(
    '%s, without attestation and with its own',
    async algorithm => {
      for (const attest of [undefined, packedSelf]) {
        const authenticator = new SoftAuthenticator({ algorithm, counter: 3, discoverable: true })
        const record = await enrolled(authenticator, attest)
        expect(record).toMatchObject({ counter: 3, discoverable: true, transports: ['usb'], backupEligible: false })
        expect(record.attestation).toEqual({ format: attest ? 'packed' : 'none', trusted: false })
        const assertion = authenticator.get(options, ORIGIN)
        const accepted = { verdict: 'accepted', counter: 4, userVerified: true, backedUp: false }
        expect(await signIn(assertion, record)).toEqual(accepted)
        expect(await signIn(assertion.response, record)).toEqual(accepted)
      }
    },
  )

  test('flags and counter are told as they are', async () => {
    const authenticator = new SoftAuthenticator({
      backupEligible: true,
      backedUp: true,
      counter: null,
      userVerified: false,
    })
    const credential = authenticator.create(options, ORIGIN)
    const verdict = await register(credential, { userVerification: 'preferred' })
    expect(verdict).toMatchObject({
      verdict: 'accepted',
      userVerified: false,
      record: { backupEligible: true, backedUp: true },
    })
    if (verdict.verdict !== 'accepted') return
    const assertion = authenticator.get(options, ORIGIN)
    expect(await signIn(assertion, verdict.record, { userVerification: 'discouraged' })).toEqual({
      ...{ verdict: 'accepted', counter: 0, userVerified: false, backedUp: true },
    })
  })
})

const REFUSED: readonly [string, Habits, object, Partial<RegistrationCheck>][] = [
  ['challenge_mismatch', {}, { challenge: 'AAAA' }, {}],
  ['type_mismatch', {}, { type: 'webauthn.get' }, {}],
  ['origin_mismatch', {}, { origin: 'https://login.example.com.evil.example' }, {}],
  ['cross_origin', {}, { crossOrigin: true }, {}],
  ['cross_origin', {}, { topOrigin: 'https://evil.example' }, {}],
  ['rp_id_mismatch', {}, {}, { rpId: 'example.com' }],
  ['user_not_present', { userPresent: false }, {}, {}],
  ['user_not_verified', { userVerified: false }, {}, {}],
  ['backup_flags_invalid', { backedUp: true }, {}, {}],
]

describe('what is wrong is refused by name', () => {
  test.each(REFUSED)('%s in a registration', async (reason, habits, clientData, more) => {
    const credential = new SoftAuthenticator(habits).create(options, ORIGIN, undefined, clientData)
    expect(await register(credential, more)).toMatchObject({ verdict: 'refused', reason })
  })

  test.each(REFUSED)('%s in an assertion', async (reason, habits, clientData, more) => {
    const honest = new SoftAuthenticator()
    const record = await enrolled(honest)
    const dishonest = new SoftAuthenticator(habits)
    const said = reason === 'type_mismatch' ? { type: 'webauthn.create' } : clientData
    const assertion = dishonest.get(options, ORIGIN, honest.passkeys[0], said)
    const { rpId = RP_ID } = more
    expect(await signIn(assertion, record, { rpId })).toEqual({ verdict: 'refused', reason })
  })

  test('a counter going back, another passkey, a signature that is not its own', async () => {
    const authenticator = new SoftAuthenticator({ counter: 9 })
    const record = await enrolled(authenticator)
    const assertion = authenticator.get(options, ORIGIN)
    expect(await signIn(assertion, { ...record, counter: 10 })).toEqual({
      verdict: 'refused',
      reason: 'counter_went_back',
    })
    expect(await signIn(assertion, { ...record, counter: 9 })).toMatchObject({ verdict: 'accepted', counter: 10 })
    const other = await enrolled(new SoftAuthenticator())
    expect(await signIn(assertion, other)).toEqual({ verdict: 'refused', reason: 'credential_mismatch' })
    // A lower counter without the key is no clone: nobody is alarmed by a stranger.
    const stolen = { ...other, credentialId: record.credentialId, counter: 99 }
    expect(await signIn(assertion, stolen)).toEqual({ verdict: 'refused', reason: 'signature_invalid' })
    const changed = { ...record, backupEligible: true }
    expect(await signIn(assertion, changed)).toEqual({ verdict: 'refused', reason: 'backup_eligibility_changed' })
  })

  test('an id that is not the one attested', async () => {
    const credential = new SoftAuthenticator().create(options, ORIGIN)
    expect(await register({ ...credential, id: 'AAAA', rawId: 'AAAA' })).toMatchObject({
      verdict: 'refused',
      reason: 'malformed',
    })
  })
})
