/**
 * Three implementations agree: an authenticator of Chromium signs, the server accepts, and Debian's `fido2-assert -V` (libfido2) accepts the
 * same bytes, taken from the request as it went out, and refuses them with one bit of the signature flipped.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Credential,
  flipped,
  installed,
  libfido2Accepts,
  signedOf,
} from '../../../server/test/passkeys/libfido2.ts'
import { follow, PasskeyPeople, press } from './passkey-people.ts'
import { type PortalGround, startPortal } from './portal-ground.ts'

/** The assertions that go out, each with what the server says to it. */
function assertionsOf(page: Page) {
  const sent: { readonly assertion: Credential; readonly status: Promise<number | undefined> }[] = []
  page.on('request', request => {
    const form = new URLSearchParams(request.method() === 'POST' ? (request.postData() ?? '') : '')
    if (form.get('authType') !== 'AT_FIDO' || form.get('grant_type') !== 'password') return
    const assertion = JSON.parse(form.get('password') ?? '')
    sent.push({ assertion, status: request.response().then(response => response?.status()) })
  })
  return sent
}

describe.skipIf(!installed() && !process.env.CI)('libfido2', () => {
  let ground: PortalGround

  beforeAll(async () => {
    ground = await startPortal()
  })
  afterAll(() => ground?.close())

  it('accepts what Chromium signed and the server accepted, and refuses it with one bit flipped', async () => {
    const people = new PasskeyPeople(ground)
    const client = await people.workflow()
    const { context, page, key } = await people.holder(client)
    const sent = assertionsOf(page)
    await ground.begin(page, client)
    await follow(page, 'Sign in with a passkey')
    await press(page, 'Use passkey')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    expect(await Promise.all(sent.map(({ status }) => status))).toEqual([200])

    const [{ privateKey } = { privateKey: '' }] = await key.credentials()
    const own = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
    const pem = createPublicKey(own).export({ type: 'spki', format: 'pem' }) as string
    const signed = signedOf(sent[0]!.assertion, 'localhost', pem)
    expect(libfido2Accepts(signed)).toBe(true)
    const { signature } = signed
    expect(libfido2Accepts({ ...signed, signature: flipped(signature, signature.length - 1) })).toBe(false)
    expect(ground.errors).toEqual([])
    await context.close()
  })
})
