/**
 * W1: a list of models is worth the chain behind it. Each model of the list is forged in each way that `forgeries.ts` knows, and none
 * passes; a genuine key of the model does, by the FIDO metadata or by an anchor of the policy.
 */
import { createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type FidoPolicy, STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import type { FidoModel } from '#domain/ports/fido-metadata.ts'
import type { RegistrationCheck } from '#domain/ports/passkeys.ts'
import { WebAuthnPasskeys } from '#keys/webauthn/passkeys.ts'
import { none, packedBy, packedSelf, u2fBy } from './attesters.ts'
import { type Attest, SoftAuthenticator } from './authenticator.ts'
import { aaguidExtension, attester, base64Of, issue, makeRoot, pemOf } from './certificates.ts'
import { androidBy, appleBy, forgeries, makeMaker } from './forgeries.ts'

const ORIGIN = 'https://login.example.com'
const RP_ID = 'login.example.com'
const CHALLENGE = Buffer.alloc(32, 9).toString('base64url')
const options = { challenge: CHALLENGE, rp: { id: RP_ID }, user: { id: 'dTE' } }

const LISTED = [
  'b93fd961-f2e6-462f-b122-82002247de78',
  'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4',
  '00000000-0000-0000-0000-000000000000',
]
const ELSE = '11111111-2222-3333-4444-555555555555'
const [MODEL = ''] = LISTED
const maker = makeMaker(MODEL, ELSE)
const { root, intermediate, leaf } = maker

const kestrel = (aaguid: string): FidoModel => ({
  ...{ aaguid, description: 'Kestrel Key 5', reports: [{ status: 'FIDO_CERTIFIED_L1' }] },
  anchors: [base64Of(root)],
})
const known = new WebAuthnPasskeys({ find: async aaguid => (aaguid === ELSE ? undefined : kestrel(aaguid)) })
const unknown = new WebAuthnPasskeys({ find: async () => undefined })

async function enrol(attest: Attest, more: Partial<RegistrationCheck> = {}, aaguid = MODEL, passkeys = known) {
  const credential = new SoftAuthenticator({ aaguid }).create(options, ORIGIN, attest)
  const verdict = await passkeys.verifyRegistration({
    ...{ challenge: CHALLENGE, origins: [ORIGIN], rpId: RP_ID, userVerification: 'required', attestation: 'none' },
    ...{ allowedAAGUIDs: undefined, policy: STOCK_FIDO_POLICY, now_ms: Date.now() },
    ...more,
    credential,
  })
  return verdict.verdict === 'accepted' ? verdict.record.attestation : verdict.reason
}

const list = { allowedAAGUIDs: LISTED, attestation: 'direct' } as const

describe('W1', () => {
  test('a genuine key of a listed model is enrolled, and known by its name', async () => {
    const passes = { format: 'packed', trusted: true }
    expect(await enrol(packedBy(attester(leaf, intermediate)), list)).toEqual(passes)
    // The root may be shown, byte for byte.
    expect(await enrol(packedBy(attester(leaf, intermediate, root)), list)).toEqual(passes)
    // So may what another authority says of the root's key; anything else may not.
    const keys = { publicKey: createPublicKey(root.privateKey), privateKey: root.privateKey }
    const crossed = issue(makeRoot({ subject: { CN: 'Elsewhere' } }), {
      subject: root.subject,
      isAuthority: true,
      keys,
    })
    expect(await enrol(packedBy(attester(leaf, intermediate, crossed)), list)).toEqual(passes)
    expect(await enrol(packedBy(attester(leaf, intermediate, root, crossed)), list)).toBe('chain_untrusted')
    expect(await enrol(packedBy(attester(leaf, intermediate, makeRoot())), list)).toBe('chain_untrusted')
    expect(await enrol(packedBy(attester(leaf, intermediate)), list, MODEL, unknown)).toBe('no_anchor')
    const anchors = [{ pem: pemOf(root), aaguids: [MODEL] }]
    const policy = { ...STOCK_FIDO_POLICY, anchors }
    expect(await enrol(packedBy(attester(leaf, intermediate)), { ...list, policy }, MODEL, unknown)).toEqual(passes)
    const elsewhere = { ...STOCK_FIDO_POLICY, anchors: [{ pem: pemOf(root), aaguids: [ELSE] }] }
    const other = { ...list, policy: elsewhere }
    expect(await enrol(packedBy(attester(leaf, intermediate)), other, MODEL, unknown)).toBe('no_anchor')
  })

  test.each(LISTED)('no forgery of %s passes a list, whatever else is asked', async aaguid => {
    const asked = { allowedAAGUIDs: LISTED, policy: { ...STOCK_FIDO_POLICY, allowUntrustedDirect: true } }
    for (const [name, attest] of forgeries(aaguid, maker)) {
      for (const attestation of ['none', 'indirect', 'direct', 'enterprise'] as const) {
        for (const passkeys of [known, unknown]) {
          const reason = await enrol(attest, { ...asked, attestation }, aaguid, passkeys)
          expect([name, attestation, reason]).toEqual([name, attestation, expect.stringMatching(REFUSALS)])
        }
      }
    }
  })

  test('without a list a forgery is at most a key that nobody vouches for', async () => {
    for (const [name, attest] of forgeries(MODEL, maker)) {
      for (const passkeys of [known, unknown]) {
        const answer = await enrol(attest, {}, MODEL, passkeys)
        const untrusted = { format: expect.any(String), trusted: false }
        expect([name, answer]).toEqual([name, typeof answer === 'string' ? expect.stringMatching(REFUSALS) : untrusted])
      }
    }
  })

  test('a model that is not listed is refused first, genuine or not', async () => {
    const genuine = packedBy(attester(maker.otherModel, intermediate))
    expect(await enrol(genuine, { allowedAAGUIDs: LISTED }, ELSE)).toBe('aaguid_not_allowed')
    expect(await enrol(none, { allowedAAGUIDs: [] })).toBe('aaguid_not_allowed')
  })
})

const REFUSALS = /^(attestation_(missing|self|invalid)|chain_untrusted|no_anchor|format_unsupported)$/

describe('attestation that was asked for', () => {
  const direct = { attestation: 'direct' } as const
  const lenient: FidoPolicy = { ...STOCK_FIDO_POLICY, allowUntrustedDirect: true }

  test('without a list it needs a chain, unless the policy says otherwise', async () => {
    const own = makeRoot()
    const stranger = packedBy(attester(issue(own, { extensions: [aaguidExtension(MODEL)] }), own))
    expect(await enrol(none, direct)).toBe('attestation_missing')
    expect(await enrol(none, { ...direct, policy: lenient })).toBe('attestation_missing')
    expect(await enrol(packedSelf, direct)).toBe('attestation_self')
    expect(await enrol(packedSelf, { ...direct, policy: lenient })).toEqual({ format: 'packed', trusted: false })
    expect(await enrol(stranger, direct)).toBe('chain_untrusted')
    expect(await enrol(stranger, direct, ELSE)).toBe('attestation_invalid')
    expect(await enrol(stranger, { ...direct, policy: lenient })).toEqual({ format: 'packed', trusted: false })
    expect(await enrol(stranger, { attestation: 'indirect' })).toEqual({ format: 'packed', trusted: false })
    expect(await enrol(packedBy(attester(leaf, intermediate)), direct)).toEqual({ format: 'packed', trusted: true })
  })

  test('other formats lead to an anchor, too', async () => {
    const [, , NO_MODEL = ''] = LISTED
    const batch = issue(root)
    expect(await enrol(u2fBy(attester(batch)), list, NO_MODEL)).toEqual({ format: 'fido-u2f', trusted: true })
    expect(await enrol(u2fBy(attester(batch)), list)).toBe('attestation_invalid')
    expect(await enrol(u2fBy(attester(batch, root)), list, NO_MODEL)).toBe('attestation_invalid')
    expect(await enrol(appleBy(root), list)).toEqual({ format: 'apple', trusted: true })
    expect(await enrol(androidBy(root), list)).toEqual({ format: 'android-key', trusted: true })
    expect(await enrol(androidBy(root, {}, false), list)).toEqual({ format: 'android-key', trusted: true })
  })

  test.each([
    ['another challenge', { challenge: new Uint8Array(32) }],
    ['a key that was imported', { origin: 2 }],
    ['a key for deciphering', { purposes: [1] }],
    ['a key that may also decipher', { purposes: [1, 2] }],
    ['a key for all applications', { allApplications: true }],
  ])('android-key refuses %s', async (_name, description) => {
    expect(await enrol(androidBy(root, description), list)).toBe('attestation_invalid')
  })
})
