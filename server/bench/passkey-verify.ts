/**
 * What verifying one assertion costs (ES256): all of it, and the signature alone by `node:crypto`, each in processor time of all threads.
 * Beside the server's time per sign-in (`sign_in_passkey` in results.md) this says which share the library has.
 * Run it by `npm run bench:passkey`.
 */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import type { AssertionCheck } from '#domain/ports/passkeys.ts'
import { WebAuthnPasskeys } from '#keys/webauthn/passkeys.ts'
import { assertionOf, passkeyId, RP_ID } from './passkey-cycle.ts'
import { coseKey } from './seed-passkeys.ts'

const ORIGIN = 'http://localhost'
const MANY = 3000
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url')

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const assertion = assertionOf(privateKey, passkeyId(1), CHALLENGE, ORIGIN, 1)
const passkeys = new WebAuthnPasskeys({ find: async () => undefined })
const check: AssertionCheck = {
  ...{ assertion, challenge: CHALLENGE, origins: [ORIGIN], rpId: RP_ID },
  userVerification: 'required',
  record: {
    ...{ credentialId: passkeyId(1), publicKey: coseKey(publicKey), counter: 0, transports: [] },
    backupEligible: false,
  },
}

const bytes = Buffer.from(assertion.response.authenticatorData, 'base64url')
const signature = Buffer.from(assertion.response.signature, 'base64url')
const jwk = publicKey.export({ format: 'jwk' })

const ways: Readonly<Record<string, () => unknown>> = {
  'verifyAssertion, all of it': async () => {
    const { verdict } = await passkeys.verifyAssertion(check)
    if (verdict !== 'accepted') throw new Error('the assertion was refused')
  },
  'node:crypto, key imported and signature verified': () =>
    verify('sha256', bytes, createPublicKey({ key: jwk, format: 'jwk' }), signature),
  'node:crypto, signature alone': () => verify('sha256', bytes, publicKey, signature),
}

for (const [name, way] of Object.entries(ways)) {
  for (let times = 0; times < MANY / 10; times++) await way()
  const [started, from] = [performance.now(), process.cpuUsage()]
  for (let times = 0; times < MANY; times++) await way()
  const { user, system } = process.cpuUsage(from)
  const wall_us = ((performance.now() - started) * 1000) / MANY
  console.log(
    `${name}: ${((user + system) / MANY).toFixed(0)} µs of processor time, ${wall_us.toFixed(0)} µs of wall time`,
  )
}
