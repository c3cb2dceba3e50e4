/** What the page makes of the browser's passkeys: one request at a time, JSON in both directions, also where the browser cannot convert it. */
import { describe, expect, it } from 'vitest'
import { openPasskeys } from '../../portal/passkeys.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url')).buffer as ArrayBuffer
const text = (value: BufferSource) => Buffer.from(value as ArrayBuffer).toString('base64url')
const CHALLENGE = '-_8AAQ'

interface Asked {
  readonly options: CredentialRequestOptions
  done(credential: object | null): void
  fail(name: string): void
}

/** A browser whose requests wait until they are answered, or ended by their signal. */
function browser() {
  const asked: Asked[] = []
  const ask = (options: CredentialRequestOptions) =>
    new Promise<Credential | null>((done, failed) => {
      const fail = (name: string) => failed(new DOMException('', name))
      options.signal?.addEventListener('abort', () => setTimeout(() => fail('AbortError'), 5))
      asked.push({ options, done: credential => done(credential as Credential | null), fail })
    })
  const credentials = { get: ask, create: ask } as unknown as CredentialsContainer
  return { asked, place: { PublicKeyCredential: {}, navigator: { credentials } } }
}

const turn = () => new Promise(done => setTimeout(done, 20))

describe('requests', () => {
  it('a new one ends the one that waits, and begins when that is over', async () => {
    const { asked, place } = browser()
    const passkeys = openPasskeys(place)
    const quiet = passkeys.get({ challenge: CHALLENGE }, undefined, 'conditional')
    await turn()
    expect(passkeys.end()).toBe(false)
    const pressed = passkeys.get({ challenge: CHALLENGE })
    expect(await quiet).toEqual({ failed: 'ended' })
    await turn()
    expect(asked.map(({ options }) => options.mediation)).toEqual(['conditional', undefined])
    asked[1]?.done({ toJSON: () => ({ id: 'x' }) })
    expect(await pressed).toEqual({ made: { id: 'x' } })
    expect(passkeys.end()).toBe(false)
  })

  it('can be given up, before and while the browser asks', async () => {
    const { place } = browser()
    const passkeys = openPasskeys(place)
    const one = passkeys.get({ challenge: CHALLENGE })
    await turn()
    expect(passkeys.end()).toBe(true)
    expect(await one).toEqual({ failed: 'ended' })
  })

  it.each([
    ['NotAllowedError', 'ended'],
    ['InvalidStateError', 'known'],
    ['SecurityError', 'broken'],
    ['ConstraintError', 'broken'],
  ])('%s is %s', async (name, failed) => {
    const { asked, place } = browser()
    const outcome = openPasskeys(place).get({ challenge: CHALLENGE })
    await turn()
    asked[0]?.fail(name)
    expect(await outcome).toEqual({ failed })
  })

  it('none are there without the browser’s interface', async () => {
    const passkeys = openPasskeys({ navigator: {} })
    expect([passkeys.there, await passkeys.conditional()]).toEqual([false, false])
    expect(await passkeys.get({ challenge: CHALLENGE })).toEqual({ failed: 'broken' })
  })
})

describe('where the browser converts nothing', () => {
  it('options become bytes, and what was made becomes text', async () => {
    const { asked, place } = browser()
    const outcome = openPasskeys(place).create({
      challenge: CHALLENGE,
      rp: { id: 'localhost', name: 'Shop' },
      user: { id: 'AQID', name: 'a', displayName: 'a' },
      pubKeyCredParams: [],
      excludeCredentials: [{ type: 'public-key', id: 'BAUG' }],
    })
    await turn()
    const [first] = asked as unknown as [{ readonly options: CredentialCreationOptions }]
    const { publicKey } = first.options
    expect(publicKey && text(publicKey.challenge)).toBe(CHALLENGE)
    expect(publicKey && text(publicKey.user.id)).toBe('AQID')
    expect(publicKey?.excludeCredentials?.map(({ id }) => text(id))).toEqual(['BAUG'])
    asked[0]?.done({
      id: 'Bwg',
      rawId: bytes('Bwg'),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      response: { clientDataJSON: bytes('e30'), attestationObject: bytes('oA'), getTransports: () => ['internal'] },
      getClientExtensionResults: () => ({ credProps: { rk: true } }),
    })
    expect(await outcome).toEqual({
      made: {
        id: 'Bwg',
        rawId: 'Bwg',
        type: 'public-key',
        authenticatorAttachment: 'platform',
        response: { clientDataJSON: 'e30', attestationObject: 'oA', transports: ['internal'] },
        clientExtensionResults: { credProps: { rk: true } },
      },
    })
  })
})
