/**
 * Rule P1: an answer goes to a registered redirect URI, byte for byte, in every response mode, and an unregistered one is never told
 * anything. The corpus stands in vectors/redirect-uris.json.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RESPONSE_MODES } from '#domain/login.ts'
import { redirectsIn } from '#openid/register-addresses.ts'
import { startWorld, type World } from '../world.ts'
import { AskingWorld, type Registered } from './asking.ts'

interface Corpus {
  readonly registered: readonly string[]
  readonly hostile: readonly { readonly why: string; readonly uris: readonly string[] }[]
  readonly native: {
    readonly registered: readonly string[]
    readonly taken: readonly string[]
    readonly hostile: readonly string[]
  }
}

const corpus = JSON.parse(
  readFileSync(new URL('../../../vectors/redirect-uris.json', import.meta.url), 'utf8'),
) as Corpus
const modes = [undefined, ...RESPONSE_MODES, 'form_post.jwt', 'query.jwt', 'jwt', 'web_message']

let world: World
let asking: AskingWorld
let web: Registered
let native: Registered
beforeAll(async () => {
  world = await startWorld()
  asking = await AskingWorld.open(world)
  web = await asking.register({ redirect_uris: corpus.registered })
  native = await asking.register({ redirect_uris: corpus.native.registered, application_type: 'native' })
})
afterAll(() => world.close())

const judged = (client: Registered, redirect_uri: string, more: object = {}) =>
  asking.judge(client, { client_id: client.id, response_type: 'code id_token', nonce: 'n', redirect_uri, ...more })

test('the corpus is as large as the rule wants it', () => {
  expect(corpus.hostile.flatMap(({ uris }) => uris).length).toBeGreaterThanOrEqual(200)
})

describe('P1', () => {
  test.each(corpus.hostile)('$why: refused in every mode, and nothing is told', async ({ uris }) => {
    for (const uri of uris) {
      for (const response_mode of modes) {
        const answer = await judged(web, uri, { response_mode, state: 's' })
        expect([uri, answer]).toEqual([uri, expect.objectContaining({ back: undefined })])
        expect(['invalid_redirect_uri', 'invalid_request']).toContain('code' in answer ? answer.code : answer)
      }
    }
  })

  test('no redirect URI, or several', async () => {
    for (const redirect_uri of [undefined, '', corpus.registered, { 0: corpus.registered[0] }, 1, null]) {
      const answer = await asking.judge(web, { client_id: web.id, response_type: 'code', redirect_uri })
      expect(answer).toMatchObject({ code: 'invalid_request', back: undefined })
    }
  })

  test('what was registered is taken as it was written, in each mode', async () => {
    for (const uri of corpus.registered) {
      for (const response_mode of RESPONSE_MODES) {
        const answer = await judged(web, uri, { response_mode })
        expect(answer).toMatchObject({ request: { redirectUri: uri, responseMode: response_mode } })
      }
    }
  })

  test('a URI of one client is none of another', async () => {
    const other = await asking.register({ redirect_uris: ['https://other.example/cb'] })
    expect(await judged(other, corpus.registered[0] ?? '')).toMatchObject({ code: 'invalid_redirect_uri' })
  })

  test('native: any port of a loopback address in figures, and nothing else of it', async () => {
    for (const uri of corpus.native.taken) {
      expect([uri, await judged(native, uri)]).toEqual([
        uri,
        { request: expect.objectContaining({ redirectUri: uri }) },
      ])
    }
    for (const uri of corpus.native.hostile) {
      const answer = await judged(native, uri)
      expect([uri, answer]).toEqual([uri, expect.objectContaining({ code: 'invalid_redirect_uri', back: undefined })])
    }
  })

  test('web: no port but the registered one', async () => {
    const loopback = await asking.register({ redirect_uris: ['http://127.0.0.1/cb'] })
    expect(await judged(loopback, 'http://127.0.0.1:49152/cb')).toMatchObject({ code: 'invalid_redirect_uri' })
  })

  test('a scheme of an application cannot be posted to', async () => {
    const answer = await judged(native, 'com.example.app:/cb', { response_mode: 'form_post' })
    expect(answer).toMatchObject({ code: 'invalid_request', back: { responseMode: 'query' } })
  })
})

describe('registration of native applications', () => {
  test.each(['com.example.app:/cb', 'com.example.app:/', 'com.example-app.x1:/a/b?c=d', 'com.example.app://cb/x'])(
    'taken: %s',
    uri => {
      expect(redirectsIn({ redirect_uris: [uri] }, true)).toEqual([uri])
      expect(() => redirectsIn({ redirect_uris: [uri] })).toThrow()
    },
  )
  test.each([
    'app:/cb',
    'javascript:/alert(1)',
    'com.example.app:cb',
    'com.example.app:/*',
    'com.example.app:/../x',
    'com.example.app:/%2e%2e/x',
    'com.example.app:/cb#x',
    'com.example.app:/a@b',
    'com.example.app:/c\u0000b',
    'com.example.app:/cä',
    'com..app:/cb',
    '.com.app:/cb',
    'COM.example:/cb',
    'http.example:',
    'https://rp.example/*',
    'https://rp.example/..;/x',
    'https://rp.example/a/%2e%2e;x/b',
    'http://rp.example/cb',
  ])('refused: %s', uri => expect(() => redirectsIn({ redirect_uris: [uri] }, true)).toThrow())
})
