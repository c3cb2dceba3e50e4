/**
 * What a stranger sends is read within bounds, and answered with a verdict whatever it is: bytes that no authenticator makes, nested
 * deeply, endless, cut off, turned. Nothing throws, and nothing that was changed is accepted.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import { WebAuthnPasskeys } from '#keys/webauthn/passkeys.ts'
import { packedBy, u2fBy } from './attesters.ts'
import { type Attest, SoftAuthenticator } from './authenticator.ts'
import { cbor, type Item, joined, Pairs } from './cbor.ts'
import { attester, base64Of, issue, makeRoot } from './certificates.ts'
import { androidBy, appleBy } from './forgeries.ts'

const ORIGIN = 'https://login.example.com'
const options = { challenge: 'AAAA', rp: { id: 'login.example.com' }, user: { id: 'dTE' } }
const asked = { challenge: 'AAAA', origins: [ORIGIN], rpId: 'login.example.com', userVerification: 'required' } as const
const root = makeRoot()
const find = async (aaguid: string) => ({ aaguid, description: '', reports: [], anchors: [base64Of(root)] })
const passkeys = new WebAuthnPasskeys({ find })

const register = async (credential: unknown) => {
  const policy = STOCK_FIDO_POLICY
  const more = { attestation: 'direct', allowedAAGUIDs: undefined, policy, now_ms: Date.now() } as const
  const verdict = await passkeys.verifyRegistration({ ...asked, ...more, credential })
  return verdict.verdict === 'accepted' ? 'accepted' : verdict.reason
}

const makers: Readonly<Record<string, Attest>> = {
  packed: packedBy(attester(issue(root))),
  'fido-u2f': u2fBy(attester(issue(root))),
  apple: appleBy(root),
  'android-key': androidBy(root),
}
const made = (attest: Attest | undefined) => new SoftAuthenticator().create(options, ORIGIN, attest)

describe('registrations', () => {
  /** What no signature covers: flags and counter of `fido-u2f`, and of all the spelling of the signature itself. */
  test.each(Object.entries(makers))(
    '%s: hardly a bit can be turned, and none breaks anything',
    async (name, attest) => {
      const credential = made(attest)
      const whole = Buffer.from(credential.response.attestationObject, 'base64url')
      expect(await register(credential)).toBe('accepted')
      const accepted: number[] = []
      for (const place of new Set(fc.sample(fc.nat(whole.length * 8 - 1), 300))) {
        const turned = Buffer.from(whole)
        turned[place >> 3] = (turned[place >> 3] ?? 0) ^ (1 << (place & 7))
        const attestationObject = turned.toString('base64url')
        const answer = await register({ ...credential, response: { ...credential.response, attestationObject } })
        if (answer === 'accepted') accepted.push(place >> 3)
        else expect(answer).toMatch(/^[a-z_]+$/)
      }
      const data = whole.indexOf('authData') + 10
      const isFree = (at: number) => (name === 'fido-u2f' ? at >= data + 32 && at < data + 37 : false)
      const signature = whole.indexOf('csig') + 4
      // A root that is shown stands for the anchor by its name and key; what else it says counts for nothing.
      const shown = Buffer.from(base64Of(root), 'base64')
      const rootAt = whole.indexOf(shown)
      const ofRoot = (at: number) => rootAt >= 0 && at >= rootAt && at < rootAt + shown.length
      expect(accepted.filter(at => !isFree(at) && !ofRoot(at) && !(at >= signature && at < signature + 8))).toEqual([])
    },
  )

  test('cut off anywhere, or with a byte behind it', async () => {
    const credential = made(makers.packed)
    const whole = Buffer.from(credential.response.attestationObject, 'base64url')
    for (let length = 0; length < whole.length; length += 13) {
      const attestationObject = whole.subarray(0, length).toString('base64url')
      expect(await register({ ...credential, response: { ...credential.response, attestationObject } })).toBe(
        'malformed',
      )
    }
    const attestationObject = Buffer.concat([whole, Uint8Array.of(0)]).toString('base64url')
    expect(await register({ ...credential, response: { ...credential.response, attestationObject } })).toBe('malformed')
  })

  test('any JSON is answered', async () => {
    const member = fc.oneof(fc.string({ maxLength: 40 }), fc.jsonValue({ maxDepth: 3 }))
    const response = fc.record({ clientDataJSON: member, attestationObject: member, transports: member })
    const credential = fc.record({ id: member, rawId: member, type: member, response: fc.oneof(response, member) })
    const any = fc.oneof(credential, member)
    await fc.assert(
      fc.asyncProperty(any, async value => {
        expect(await register(value)).toMatch(/^[a-z_]+$/)
        const verdict = await passkeys.verifyAssertion({ ...asked, assertion: value, record })
        expect(verdict.verdict).toBe('refused')
      }),
      { numRuns: 300 },
    )
  })
})

const record = { credentialId: 'AAAA', publicKey: 'AAAA', counter: 0, transports: [], backupEligible: false }

describe('CBOR of a stranger', () => {
  const withObject = (bytes: Uint8Array) => {
    const credential = made(undefined)
    const attestationObject = Buffer.from(bytes).toString('base64url')
    return register({ ...credential, response: { ...credential.response, attestationObject } })
  }
  const deep = (depth: number): Item => (depth === 0 ? 1 : [deep(depth - 1)])
  const object = (statement: Item) =>
    cbor(new Pairs(['fmt', 'none'], ['attStmt', statement], ['authData', new Uint8Array(200)]))

  test.each<[string, Uint8Array]>([
    ['nested nine deep', object(deep(9))],
    ['nested eight thousand deep', new Uint8Array(8000).fill(0x81)],
    ['an array that says it is endless', joined(Uint8Array.of(0x9b, 0, 0, 0, 1, 0, 0, 0, 0))],
    ['an array of four billion', joined(Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff), new Uint8Array(64))],
    ['a text of four billion', Uint8Array.of(0x7a, 0xff, 0xff, 0xff, 0xff)],
    ['a map with a key twice', cbor(new Pairs(['fmt', 'none'], ['fmt', 'none'], ['attStmt', new Pairs()]))],
    ['an indefinite length', Uint8Array.of(0xbf, 0xff)],
    ['a tag', Uint8Array.of(0xc0, 0x00)],
    ['a float', Uint8Array.of(0xf9, 0x7e, 0x00)],
    ['a number longer than needed', Uint8Array.of(0x18, 0x01)],
    ['a text that is no UTF-8', Uint8Array.of(0x61, 0xff)],
    ['five hundred items', object(Array.from({ length: 500 }, () => 1))],
    ['an empty map', cbor(new Pairs())],
  ])('%s is malformed', async (_name, bytes) => {
    expect(await withObject(bytes)).toBe('malformed')
  })

  test('too much of anything is not decoded at all', async () => {
    const credential = made(undefined)
    const { response } = credential
    const long = 'A'.repeat(40_000)
    for (const member of ['attestationObject', 'clientDataJSON'] as const) {
      expect(await register({ ...credential, response: { ...response, [member]: long } })).toBe('malformed')
    }
    expect(await register({ ...credential, id: long, rawId: long })).toBe('malformed')
    const transports = Array.from({ length: 1000 }, (_, at) => `t-${'x'.repeat(at)}`)
    const many = { ...credential, response: { ...response, transports } }
    const more = { attestation: 'none', allowedAAGUIDs: undefined, policy: STOCK_FIDO_POLICY, now_ms: 0 } as const
    const verdict = await passkeys.verifyRegistration({ ...asked, ...more, credential: many })
    expect(verdict.verdict === 'accepted' && verdict.record.transports.length).toBeLessThanOrEqual(8)
  })
})
