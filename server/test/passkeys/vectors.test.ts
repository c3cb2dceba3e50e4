/**
 * The test vectors of Web Authentication Level 3, section 16, and of two projects, one by one. We answer as their publishers do, but for
 * the cases named here, each with our reason; docs/standards/webauthn.md has them in words. vectors/webauthn/README.md tells their origin.
 */
import { readFileSync } from 'node:fs'
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import { WebAuthnPasskeys } from '#keys/webauthn/passkeys.ts'

interface Vector {
  readonly name: string
  readonly kind: 'registration' | 'assertion'
  readonly challenge: string
  readonly origins: readonly string[]
  readonly rpId: string
  readonly userVerification: 'required' | 'discouraged'
  readonly at?: string
  readonly credential: { readonly id: string; readonly response?: { readonly authenticatorData?: string } }
  readonly publicKey?: string
  readonly counter?: number
  readonly accepted: boolean
}

interface Vectors {
  /** Whose chains lead to it. */
  readonly anchor?: string
  readonly cases: readonly Vector[]
}

/** What we answer where it is not what the publisher says. */
const OTHERWISE: Readonly<Record<string, string>> = {
  // A page inside a frame of another origin is nothing that we offer.
  'none-es256-crossOrigin, registration': 'cross_origin',
  'none-es256-crossOrigin, assertion': 'cross_origin',
  'none-es256-topOrigin, registration': 'cross_origin',
  'none-es256-topOrigin, assertion': 'cross_origin',
  // Its signature does not cover the AAGUID, which is not zero here: a list of models would take whatever is written there.
  'fido-u2f-es256, registration': 'attestation_invalid',
  // A chip of no known maker.
  'tpm-es256, registration': 'attestation_invalid',
  // Neither origin nor purpose is in the key's description, and section 8.4 asks for both.
  'android-key-es256, registration': 'attestation_invalid',
  // Algorithms that we do not offer: ES512, ML-DSA, RS1.
  'packed-es512, registration': 'algorithm_not_allowed',
  'packed-es512, assertion': 'public_key_invalid',
  pqc_ml_dsa_44_packed_response: 'algorithm_not_allowed',
  pqc_ml_dsa_65_packed_response: 'algorithm_not_allowed',
  pqc_ml_dsa_87_packed_response: 'algorithm_not_allowed',
  ml_dsa_44_response: 'malformed',
  ml_dsa_65_response: 'malformed',
  ml_dsa_87_response: 'malformed',
  'attestation_packed (2)': 'algorithm_not_allowed',
  'attestation_tpm (2)': 'algorithm_not_allowed',
  // Not an attestation any more.
  attestation_safetynet: 'format_unsupported',
  // The id beside the attestation is of another credential.
  attestation_apple: 'malformed',
  // Token binding as a text; gone from the standard since Level 2.
  attestation_with_unsupported_token_binding: 'attestation_invalid',
  attestation_with_unsupported_token_binding_status: 'accepted',
  // Whom to trust is another question, and nobody asked it here.
  raises_when_root_cert_invalid_for_response: 'accepted',
}

const files = ['w3c', 'py-webauthn', 'go-webauthn'] as const
const read = (name: (typeof files)[number]): Vectors =>
  JSON.parse(readFileSync(new URL(`../../../vectors/webauthn/${name}.json`, import.meta.url), 'utf8'))

const passkeys = new WebAuthnPasskeys({ find: async () => undefined })
const nobodyAsks = { attestation: 'none', allowedAAGUIDs: undefined, policy: STOCK_FIDO_POLICY } as const

afterEach(() => void vi.useRealTimers())

/** The library compares certificates with the clock of this machine. */
function atItsTime({ at = '2026-06-01' }: Vector): number {
  const now = new Date(at)
  vi.useFakeTimers({ toFake: ['Date'], now })
  return now.getTime()
}

async function answerTo(vector: Vector): Promise<string> {
  const { credential, challenge, origins, rpId, userVerification, publicKey = '', counter = 0 } = vector
  const now_ms = atItsTime(vector)
  const asked = { challenge, origins, rpId, userVerification }
  if (vector.kind === 'registration') {
    const verdict = await passkeys.verifyRegistration({ ...asked, ...nobodyAsks, credential, now_ms })
    return verdict.verdict === 'accepted' ? 'accepted' : verdict.reason
  }
  const flags = Buffer.from(credential.response?.authenticatorData ?? '', 'base64url')[32] ?? 0
  const record = { credentialId: credential.id, publicKey, counter, transports: [], backupEligible: (flags & 8) !== 0 }
  const verdict = await passkeys.verifyAssertion({ ...asked, assertion: credential, record })
  return verdict.verdict === 'accepted' ? 'accepted' : verdict.reason
}

describe.each(files)('%s', file => {
  const { cases } = read(file)

  test.each(cases.map(vector => [vector.name, vector] as const))('%s', async (name, vector) => {
    const otherwise = OTHERWISE[name]
    const answer = await answerTo(vector)
    if (otherwise !== undefined) expect(answer).toBe(otherwise)
    else expect(answer === 'accepted', answer).toBe(vector.accepted)
  })

  test('an assertion with one bit turned is refused', async () => {
    for (const vector of cases.filter(({ kind, accepted }) => kind === 'assertion' && accepted)) {
      const { response = {} } = vector.credential
      for (const [member, text] of Object.entries(response).filter(([name]) => name !== 'userHandle')) {
        const bytes = Buffer.from(text, 'base64url')
        const last = bytes.length - 1
        bytes[last] = (bytes[last] ?? 0) ^ 1
        const turned = { ...response, [member]: bytes.toString('base64url') }
        const answer = await answerTo({ ...vector, credential: { ...vector.credential, response: turned } })
        expect([vector.name, member, answer]).not.toEqual([vector.name, member, 'accepted'])
      }
    }
  })
})

test('the library says the same of each assertion', async () => {
  let asked = 0
  for (const vector of files.flatMap(file => read(file).cases)) {
    if (vector.kind !== 'assertion' || vector.name in OTHERWISE) continue
    const { credential, challenge, origins, rpId, userVerification, publicKey = '', counter = 0 } = vector
    const answer = await answerTo(vector)
    const theirs = await verifyAuthenticationResponse({
      response: credential as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: userVerification === 'required',
      credential: { id: credential.id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
    }).then(
      ({ verified }) => verified,
      () => false,
    )
    expect([vector.name, answer === 'accepted']).toEqual([vector.name, theirs])
    asked += 1
  }
  expect(asked).toBeGreaterThan(15)
})

test('every exception is a case', () => {
  const names = files.flatMap(file => read(file).cases.map(({ name }) => name))
  expect(Object.keys(OTHERWISE).filter(name => !names.includes(name))).toEqual([])
})

test('chains of the specification lead to its root, and to no other', async () => {
  const { anchor = '', cases } = read('w3c')
  const trusted: string[] = []
  for (const vector of cases.filter(({ kind }) => kind === 'registration')) {
    const certificate = Buffer.from(anchor, 'base64url').toString('base64')
    const find = async (aaguid: string) => ({ aaguid, description: '', reports: [], anchors: [certificate] })
    const { credential, challenge, origins, rpId, userVerification } = vector
    const now_ms = atItsTime(vector)
    const asked = { ...nobodyAsks, credential, challenge, origins, rpId, userVerification, now_ms }
    const verdict = await new WebAuthnPasskeys({ find }).verifyRegistration(asked)
    if (verdict.verdict === 'accepted' && verdict.record.attestation.trusted) trusted.push(vector.name)
    const without = await passkeys.verifyRegistration({ ...asked, attestation: 'direct' })
    expect(without.verdict).toBe('refused')
  }
  expect(trusted).toEqual(
    ['packed-es256', 'packed-es384', 'packed-rs256', 'packed-eddsa', 'apple-es256'].map(
      name => `${name}, registration`,
    ),
  )
})
