/** The id_token of a login: its claims, its hashes, and the forms that a client registers. OpenID Connect Core sections 2 and 3.3.2.11. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { compactDecrypt, createRemoteJWKSet, decodeProtectedHeader, exportJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type IdTokenClaims, makeIdToken } from '#authentication/id-token.ts'
import { openAppSecrets } from '#keys/app-secrets.ts'
import { startWorld, type World } from '../world.ts'
import { AskingWorld, type Registered } from './asking.ts'

const sealing = generateKeyPairSync('rsa', { modulusLength: 2048 })
let world: World
let asking: AskingWorld
beforeAll(async () => {
  world = await startWorld()
  asking = await AskingWorld.open(world)
})
afterAll(() => world.close())

async function made({ known }: Registered, more: Partial<IdTokenClaims> = {}, beside = {}) {
  const { signingKeys: tokens, clock, storeKeys } = world.ground
  const needs = { tokens, clock, secrets: openAppSecrets(storeKeys.inviteKey) }
  const claims = { iss: asking.issuer, sub: 'alice', auth_time: world.now_seconds() - 3, ...more }
  return makeIdToken(needs, await asking.tenant(), known, claims, beside)
}
const verified = async (jwt: string, audience: string) =>
  (await jwtVerify(jwt, createRemoteJWKSet(new URL(`${asking.issuer}/jwks`)), { issuer: asking.issuer, audience }))
    .payload
const half = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')

test('signed by RS256, with what is known and nothing that is not', async () => {
  const client = await asking.register()
  const payload = await verified(await made(client), client.id)
  expect(Object.keys(payload).sort()).toEqual(['aud', 'auth_time', 'exp', 'iat', 'iss', 'sub'])
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3600)
  const more = { nonce: 'n', acr: 'urn:x', amr: ['pwd', 'otp'] }
  const full = await verified(await made(client, more, { code: 'c', accessToken: 'a' }), client.id)
  expect(full).toMatchObject({ ...more, sub: 'alice', c_hash: half('c'), at_hash: half('a') })
})

test('signed by ES256 and encrypted, as it was registered', async () => {
  const ec = await asking.register({ id_token_signed_response_alg: 'ES256' })
  const jwt = await made(ec, {}, { accessToken: 'a' })
  expect(decodeProtectedHeader(jwt).alg).toBe('ES256')
  expect(await verified(jwt, ec.id)).toMatchObject({ at_hash: half('a') })

  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = [
    { ...(await exportJWK(signing.publicKey)), kid: 'other', use: 'enc' },
    { ...(await exportJWK(sealing.publicKey)), kid: 'mine', use: 'enc' },
  ]
  const sealed = await asking.register({ jwks: { keys }, id_token_encrypted_response_alg: 'RSA-OAEP-256' })
  const { plaintext, protectedHeader } = await compactDecrypt(await made(sealed), sealing.privateKey)
  expect(protectedHeader).toMatchObject({ alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', cty: 'JWT', kid: 'mine' })
  expect(await verified(new TextDecoder().decode(plaintext), sealed.id)).toMatchObject({ sub: 'alice' })
})
