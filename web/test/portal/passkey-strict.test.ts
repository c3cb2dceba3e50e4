/**
 * The published sample as it is, but for the models: a key must be of a listed model that somebody vouches for, check its person, be beside
 * the device and discoverable, and a device must wait for it. The tenant vouches for Chromium's own attestation key, and for nothing else.
 */
import { type KeyObject, X509Certificate } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { issue, pemOf } from '../../../server/test/passkeys/certificates.ts'
import type { Payload } from '../../../server/test/passkeys/people.ts'
import { sample } from '../../../server/test/sign-in/browser.ts'
import { api, scim } from '../../../server/test/world.ts'
import { alerted, follow, PasskeyPeople, press, type Somebody } from './passkey-people.ts'
import { type PortalGround, startPortal } from './portal-ground.ts'
import { type KeyHabits, virtualKeys } from './virtual-keys.ts'

/** What Chromium's authenticators say that they are. */
const CHROMIUM = '01020304-0506-0708-0102-030405060708'
const SUBJECT = { C: 'US', O: 'Chromium', OU: 'Authenticator Attestation', CN: 'Batch Certificate' }

let ground: PortalGround
let people: PasskeyPeople

beforeAll(async () => {
  ground = await startPortal()
  people = new PasskeyPeople(ground)
  // An anchor is believed for its name and its key; who signed it is not asked.
  const keys = { publicKey: await attestationKey(), privateKey: issue(undefined).privateKey }
  const anchor = issue(undefined, { subject: SUBJECT, isAuthority: true, keys })
  const path = `/configuration/${ground.world.demo.tenant}/v2/Fido/Policy`
  const anchors = [{ certificate: pemOf(anchor), aaguids: [CHROMIUM] }]
  const { status, text } = await api(ground.world, ground.bearer, 'PUT', path, { anchors })
  if (status !== 200) throw new Error(`no policy: ${status} ${text}`)
})
afterAll(() => ground?.close())

/** Chromium makes a new certificate each time, of one and the same key. */
async function attestationKey(): Promise<KeyObject> {
  const { context, page } = await ground.open()
  await (await virtualKeys(page)).add()
  await page.goto(`${ground.server}/${ground.world.demo.tenant}/authn/portal`)
  const text = await page.evaluate(attested)
  await context.close()
  const object = Buffer.from(text, 'base64url')
  // CBOR: "x5c", an array of one, a byte string with its length in two bytes.
  const start = object.indexOf('x5c') + 'x5c'.length + 2
  const length = object.readUInt16BE(start)
  return new X509Certificate(object.subarray(start + 2, start + 2 + length)).publicKey
}

async function attested(): Promise<string> {
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { id: 'localhost', name: 'x' },
      user: { id: new Uint8Array(1), name: 'x', displayName: 'x' },
      challenge: new Uint8Array(32),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      attestation: 'direct',
    },
  })
  const { response } = (made as PublicKeyCredential).toJSON() as { response: { attestationObject: string } }
  return response.attestationObject
}

function published(models?: readonly string[]): Payload {
  const payload = sample('passkey')
  if (models) payload.enrollActions[0].allowedAAGUIDs = models
  return payload
}

const clientOf = async (payload: Payload) => ground.client(await ground.workflow(payload))

async function waitsFor({ person }: Somebody): Promise<string> {
  const device = { externalId: `${person.name}.fido`, type: 'DT_FIDO', owner: { value: person.id } }
  const { status, body, text } = await scim(ground.world, ground.bearer, 'POST', '/Device', device)
  if (status !== 201) throw new Error(`no device: ${status} ${text}`)
  return body.id
}

async function toTheKey(page: Page, payload: Payload, who: Somebody, habits: KeyHabits = {}) {
  const client = await clientOf(payload)
  await (await virtualKeys(page)).add(habits)
  await ground.begin(page, client)
  await people.protect(page, who)
  await press(page, 'Create passkey')
  return client
}

it('a key of a listed model becomes the device that waited, and signs in', async () => {
  const who = await people.somebody()
  const device = await waitsFor(who)
  const { context, page } = await ground.open()
  const client = await toTheKey(page, published([CHROMIUM]), who)
  await page.getByText('Your passkey is set up. Now sign in with it.').waitFor()
  const bound = await scim(ground.world, ground.bearer, 'GET', `/Device/${device}`)
  expect(bound.body).toMatchObject({ status: { status: 'ACTIVE' }, owner: { value: who.person.id } })
  await press(page, 'Use passkey')
  expect((await ground.told(page)).get('code')).toBeTruthy()
  await ground.begin(page, client)
  await follow(page, 'Sign in with a passkey')
  await press(page, 'Use passkey')
  expect((await ground.told(page)).get('code')).toBeTruthy()
  await context.close()
})

it('one of another model is refused, and the one try of the sample is up', async () => {
  const who = await people.somebody()
  await waitsFor(who)
  const { context, page } = await ground.open()
  await toTheKey(page, published(), who)
  await alerted(page, 'This kind of key is not allowed here.')
  await press(page, 'Create passkey')
  await alerted(page, 'No more can be set up in this sign-in.')
  await context.close()
})

it('none is made without the device that waits', async () => {
  const { context, page } = await ground.open()
  await toTheKey(page, published([CHROMIUM]), await people.somebody())
  await alerted(page, 'No key is prepared for you.')
  await context.close()
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
