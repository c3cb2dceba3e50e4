/**
 * A foreign implementation says the same: Debian's `fido2-assert -V` (libfido2) accepts what our authenticator made and the server accepted,
 * and refuses it with one bit of the signature flipped. What Chromium made: web/test/portal/passkey-fido2-assert.test.ts.
 */
import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../world.ts'
import { flipped, installed, libfido2Accepts, signedOf } from './libfido2.ts'
import { PasskeyPeople, proved } from './people.ts'

describe.skipIf(!installed() && !process.env.CI)('libfido2', () => {
  let world: World
  let people: PasskeyPeople

  beforeAll(async () => {
    world = await startWorld()
    people = await PasskeyPeople.of(world)
  })
  afterAll(() => world?.close())

  it('accepts what the server accepted, and refuses it with one bit flipped', async () => {
    const client = await people.client()
    const { who, key } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const assertion = await people.assertion(browser, key, who.name)
    expect((await proved(browser, assertion, who.name)).status).toBe(200)
    const pem = createPublicKey(key.passkeys[0]!.privateKey).export({ type: 'spki', format: 'pem' }) as string
    const signed = signedOf(assertion, 'localhost', pem)
    expect(libfido2Accepts(signed)).toBe(true)
    const { signature, authenticatorData } = signed
    expect(libfido2Accepts({ ...signed, signature: flipped(signature, signature.length - 1) })).toBe(false)
    expect(libfido2Accepts({ ...signed, authenticatorData: flipped(authenticatorData, 36) })).toBe(false)
  })
})
