/**
 * A foreign implementation says the same: Debian's `fido2-assert -V` (libfido2) accepts what our authenticator made and the server accepted,
 * and refuses it with one bit of the signature flipped.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../world.ts'
import { cbor } from './cbor.ts'
import { PasskeyPeople, proved } from './people.ts'

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
const installed = spawnSync('fido2-assert', ['-V', '/dev/null']).error === undefined

/** fido2-assert(1): hash of the client data, relying party, authenticator data as a byte string of CBOR, signature. */
export function libfido2Accepts(
  folder: string,
  { clientData, rpId, authenticatorData, signature, pem }: Signed,
): boolean {
  const input = [
    base64(createHash('sha256').update(clientData).digest()),
    rpId,
    base64(cbor(authenticatorData)),
    base64(signature),
  ]
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'input')]
  writeFileSync(key, pem)
  writeFileSync(file, `${input.join('\n')}\n`)
  try {
    execFileSync('fido2-assert', ['-V', '-pv', '-i', file, key, 'es256'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

export interface Signed {
  readonly clientData: Uint8Array
  readonly rpId: string
  readonly authenticatorData: Uint8Array
  readonly signature: Uint8Array
  readonly pem: string
}

describe.skipIf(!installed && !process.env.CI)('libfido2', () => {
  let world: World
  let people: PasskeyPeople
  const folder = mkdtempSync(join(tmpdir(), 'countersign-fido2-'))

  beforeAll(async () => {
    world = await startWorld()
    people = await PasskeyPeople.of(world)
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await world.close()
  })

  it('accepts what the server accepted, and refuses it with one bit flipped', async () => {
    const client = await people.client()
    const { who, key } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const assertion = await people.assertion(browser, key, who.name)
    expect((await proved(browser, assertion, who.name)).status).toBe(200)
    const { response } = assertion
    const signed: Signed = {
      clientData: bytesOf(response.clientDataJSON),
      rpId: 'localhost',
      authenticatorData: bytesOf(response.authenticatorData),
      signature: bytesOf(response.signature),
      pem: createPublicKey(key.passkeys[0]!.privateKey).export({ type: 'spki', format: 'pem' }) as string,
    }
    expect(libfido2Accepts(folder, signed)).toBe(true)
    const flipped = signed.signature.slice()
    flipped[flipped.length - 1]! ^= 1
    expect(libfido2Accepts(folder, { ...signed, signature: flipped })).toBe(false)
    const data = signed.authenticatorData.slice()
    data[36]! ^= 1
    expect(libfido2Accepts(folder, { ...signed, authenticatorData: data })).toBe(false)
  })
})
