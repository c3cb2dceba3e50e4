/**
 * Implementations that are not ours agree with us about approvals: `openid-client` walks CIBA Core 1.0 by poll and by ping, `jose` opens
 * what we push to a client in all its forms, and the `openssl` program verifies a signed approval with nothing but `JWS` and `PUK`.
 */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactDecrypt, createRemoteJWKSet, exportJWK, jwtVerify, UnsecuredJWT } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givePersonWithPhone, type Person, type Phone } from '../approve/phones.ts'
import { ask } from '../held-phone.ts'
import { basic, clientToken, scim, send, startWorld, token, type World } from '../world.ts'

const CIBA = 'urn:openid:params:grant-type:ciba'
const REQUEST_ID = 'urn:openid:params:jwt:claim:auth_req_id'
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const allowed = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] }

interface Told {
  readonly path: string
  readonly authorization: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: callbacks are examined by the tests themselves
  readonly body: any
}

let world: World
let bearer: string
let issuer: string
let people: { readonly user: Person; readonly phone: Phone }[]
let listener: Server
let address: string
const told: Told[] = []
const waiting = new Set<() => void>()

beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  issuer = `${world.demo.base}/${world.demo.tenant}/authn`
  people = [await givePersonWithPhone(world, bearer, 'DT_TDSV4E'), await givePersonWithPhone(world, bearer, 'DT_TDSV4')]
  listener = createServer((request, response) => {
    let text = ''
    request.on('data', piece => {
      text += piece
    })
    request.on('end', () => {
      const { url = '', headers } = request
      told.push({ path: url, authorization: headers.authorization, body: JSON.parse(text) })
      response.writeHead(204).end()
      for (const wake of waiting) wake()
      waiting.clear()
    })
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => listener.once('listening', resolve))
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
})
afterAll(async () => {
  listener.close()
  await world.close()
})

/** A client of its own, which may ask users. */
async function registered(metadata: object): Promise<{ readonly id: string; readonly secret: string }> {
  const { status, body, text } = await send(`${issuer}/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Bank',
      grant_types: ['client_credentials', CIBA],
      hid_client_scopes: JSON.stringify({ scopes: ['openid', 'hid-tx-sign'] }),
      ...metadata,
    }),
  })
  if (status !== 200) throw new Error(`no client was made: ${status} ${text}`)
  const found = await scim(world, bearer, 'POST', '/Users/.search', { filter: `externalId eq "${body.client_id}"` })
  const path = `/Users/${found.body.resources[0].id}`
  const given = await scim(world, bearer, 'PUT', path, { roles: [{ value: 'RL_CLIENTIDM2M' }] })
  if (given.status !== 200) throw new Error(`no role was given: ${given.text}`)
  return { id: body.client_id, secret: body.client_secret }
}

async function approve(person = people[0]): Promise<void> {
  const { container } = (person as { phone: Phone }).phone
  const [newest] = (await container.inbox()).requests
  if (!newest) throw new Error('nothing is in the inbox')
  await container.answer(await container.retrieve(newest.id), 'accept')
}

/** The next callback to this path. */
async function callbackTo(path: string): Promise<Told> {
  for (;;) {
    const found = told.find(one => one.path === path)
    if (found) return found
    await new Promise<void>(resolve => waiting.add(resolve))
  }
}

const importedKey = () =>
  crypto.subtle.importKey(
    'pkcs8',
    ec.privateKey.export({ format: 'der', type: 'pkcs8' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )

describe('openid-client, in the standard dialect', () => {
  const methods = [
    {
      method: 'client_secret_post',
      metadata: async () => ({}),
      proof: async (secret: string) => client.ClientSecretPost(secret),
    },
    {
      method: 'private_key_jwt',
      metadata: async () => ({
        jwks: { keys: [await exportJWK(ec.publicKey)] },
        id_token_signed_response_alg: 'ES256',
      }),
      proof: async () => client.PrivateKeyJwt(await importedKey()),
    },
  ]

  const configured = async ({ method, metadata, proof }: (typeof methods)[number], more: object) => {
    const { id, secret } = await registered({
      token_endpoint_auth_method: method,
      ...(await metadata()),
      ...more,
    })
    const expected = 'id_token_signed_response_alg' in (await metadata()) ? 'ES256' : 'RS256'
    const about = { id_token_signed_response_alg: expected }
    return { id, config: await client.discovery(new URL(issuer), id, about, await proof(secret), allowed) }
  }
  const asked = { scope: 'openid', binding_message: 'Log on' }

  test.concurrent.each(methods)('poll, $method', async one => {
    const person = await givePersonWithPhone(world, bearer)
    const { id, config } = await configured(one, { backchannel_token_delivery_mode: 'poll' })
    const opened = await client.initiateBackchannelAuthentication(config, { ...asked, login_hint: person.user.name })
    expect(opened.interval).toBe(5)
    await approve(person)
    const tokens = await client.pollBackchannelAuthenticationGrant(config, opened)
    expect(tokens.claims()).toMatchObject({ iss: issuer, aud: id, sub: person.user.name })
    const info = await client.fetchUserInfo(config, tokens.access_token, person.user.name)
    expect(info.sub).toBe(person.user.name)
    await expect(client.genericGrantRequest(config, CIBA, { auth_req_id: opened.auth_req_id })).rejects.toThrow()
  })

  test.concurrent.each(methods)('ping, $method', async one => {
    const person = await givePersonWithPhone(world, bearer)
    const path = `/ping/${one.method}`
    const { config } = await configured(one, {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: address + path,
    })
    const opened = await client.initiateBackchannelAuthentication(config, {
      ...asked,
      login_hint: person.user.name,
      client_notification_token: `token-of-${one.method}`,
    })
    await approve(person)
    const ping = await callbackTo(path)
    expect(ping.authorization).toBe(`Bearer token-of-${one.method}`)
    expect(ping.body).toEqual({ auth_req_id: opened.auth_req_id })
    const tokens = await client.genericGrantRequest(config, CIBA, { auth_req_id: opened.auth_req_id })
    expect(tokens.claims()?.sub).toBe(person.user.name)
  })

  test('who is not known, or says no', async () => {
    const { config } = await configured(methods[0] as (typeof methods)[number], {})
    const unknown = client.initiateBackchannelAuthentication(config, { ...asked, login_hint: 'nobody@test.example' })
    await expect(unknown).rejects.toMatchObject({ error: 'unknown_user_id' })
    const person = await givePersonWithPhone(world, bearer)
    const opened = await client.initiateBackchannelAuthentication(config, { ...asked, login_hint: person.user.name })
    const { container } = person.phone
    const [newest] = (await container.inbox()).requests
    await container.answer(await container.retrieve(newest?.id ?? ''), 'deny')
    const fetched = client.genericGrantRequest(config, CIBA, { auth_req_id: opened.auth_req_id })
    await expect(fetched).rejects.toMatchObject({ error: 'access_denied' })
  })
})

describe('what is pushed to a client of the reference', () => {
  /** Opened, approved, and the callback that came. */
  async function pushed(name: string, metadata: object, person = people[0]) {
    const path = `/push/${name}`
    const { id, secret } = await registered({
      backchannel_token_delivery_mode: 'push',
      backchannel_client_notification_endpoint: address + path,
      ...metadata,
    })
    const own = await token(world, { grant_type: 'client_credentials' }, { authorization: basic(id, secret) })
    const usercode = person?.user.name ?? ''
    const hint = { usercode, tds: 'Pay 12.50 to Alice', authpol: 'AT_PASA', createSession: '1' }
    const opened = await ask(world, own.body.access_token, hint, { client_notification_token: `token-${name}` })
    expect(opened.status).toBe(200)
    await approve(person)
    const { body, authorization } = await callbackTo(path)
    expect(authorization).toBe(`Bearer token-${name}`)
    expect(body).toMatchObject({ auth_req_id: opened.body.auth_req_id, token_type: 'Bearer' })
    return { id, idToken: body.id_token as string, requestId: opened.body.auth_req_id as string }
  }
  const keys = () => createRemoteJWKSet(new URL(`${issuer}/jwks`))

  test('signed: RS256 and ES256', async () => {
    for (const algorithm of ['RS256', 'ES256']) {
      const { id, idToken, requestId } = await pushed(algorithm, { id_token_signed_response_alg: algorithm })
      const { payload } = await jwtVerify(idToken, keys(), { issuer, audience: id, algorithms: [algorithm] })
      expect(payload).toMatchObject({ sub: people[0]?.user.name, [REQUEST_ID]: requestId })
    }
  })

  test('signed and encrypted', async () => {
    for (const enc of ['A128CBC-HS256', 'A256GCM']) {
      const { id, idToken } = await pushed(enc, {
        jwks: { keys: [{ ...(await exportJWK(rsa.publicKey)), use: 'enc', kid: 'e1' }] },
        id_token_encrypted_response_alg: 'RSA-OAEP-256',
        id_token_encrypted_response_enc: enc,
      })
      const { plaintext, protectedHeader } = await compactDecrypt(idToken, rsa.privateKey)
      expect(protectedHeader).toMatchObject({ alg: 'RSA-OAEP-256', enc, cty: 'JWT', kid: 'e1' })
      const { payload } = await jwtVerify(Buffer.from(plaintext).toString(), keys(), { issuer, audience: id })
      expect(payload.sub).toBe(people[0]?.user.name)
    }
  })

  test('plain, where the client registered it', async () => {
    const { idToken } = await pushed('plain', { hid_ciba_callback_format_plain: true })
    const { payload } = UnsecuredJWT.decode(idToken)
    expect(payload).toMatchObject({ usercode: people[0]?.user.name, clientapprovalstatus: 'accept' })
  })

  test.each([
    ['RS512', 'sha512', 1],
    ['ES256', 'sha256', 0],
  ])('the openssl program verifies JWS with PUK: %s', async (algorithm, digest, who) => {
    const { idToken } = await pushed(`openssl-${algorithm}`, {}, people[who])
    const { payload } = await jwtVerify(idToken, keys())
    const { JWS, PUK } = payload as { JWS: string; PUK: string }
    const [head = '', body = '', signature = ''] = JWS.split('.')
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toMatchObject({ alg: algorithm, purpose: 'logon' })
    expect(Buffer.from(body, 'base64url').toString()).toMatch(
      /^\{"clientapprovalstatus":"accept","tds":"Pay 12\.50 to Alice","txcounter":"\d+"\}$/,
    )
    const raw = Buffer.from(signature, 'base64url')
    const folder = mkdtempSync(join(tmpdir(), 'countersign-jws-'))
    const file = (name: string, bytes: Buffer | string) => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    const key = file('puk.der', Buffer.from(PUK, 'base64'))
    const proof = file('signature', algorithm === 'ES256' ? derSignature(raw) : raw)
    const verified = (text: string) =>
      execFileSync(
        'openssl',
        ['dgst', `-${digest}`, '-keyform', 'DER', '-verify', key, '-signature', proof, file('signed', text)],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      ).trim()
    expect(verified(`${head}.${body}`)).toBe('Verified OK')
    expect(() => verified(`${head}.${body}A`)).toThrow()
  })
})

/** r ‖ s as the program wants it: a SEQUENCE of two INTEGERs (RFC 3279 section 2.2.3). */
function derSignature(raw: Buffer): Buffer {
  const integer = (bytes: Buffer) => {
    const from = bytes.findIndex(byte => byte !== 0)
    const bare = bytes.subarray(from)
    const value = (bare[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bare]) : bare
    return Buffer.concat([Buffer.of(2, value.length), value])
  }
  const both = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
  return Buffer.concat([Buffer.of(0x30, both.length), both])
}
