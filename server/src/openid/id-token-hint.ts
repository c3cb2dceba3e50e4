/**
 * `id_token_hint`: an id_token that this tenant signed for this client names the user (CIBA Core section 7.1). Its time may be over;
 * its signature and audience are checked, with our own keys by their `kid` and nothing else of its header.
 */
import { createPublicKey, verify } from 'node:crypto'
import type { Signer } from '#domain/ports/signer.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const bad = () => new Refusal('invalid_request', 'The id_token_hint is not an id_token of this client.')

/** The subject. */
export async function readIdTokenHint(
  signer: Pick<Signer, 'jwks'>,
  tenant: Tenant,
  client: string,
  hint: string,
): Promise<string> {
  const [head = '', body = '', signature = '', ...more] = hint.split('.')
  const header = parsed(head)
  const claims = parsed(body)
  const { keys } = await signer.jwks(tenant.number)
  const key = keys.find(({ kid, alg }) => kid === header?.kid && alg === header?.alg)
  if (!key || more.length > 0 || claims?.aud !== client || typeof claims.sub !== 'string') throw bad()
  // Answers of userinfo are signed by the same key, and never expire.
  if (typeof claims.exp !== 'number') throw bad()
  const object = createPublicKey({ key: { ...key }, format: 'jwk' })
  const signed = Buffer.from(`${head}.${body}`)
  const how = key.kty === 'EC' ? { key: object, dsaEncoding: 'ieee-p1363' as const } : object
  if (!verify('sha256', signed, how, Buffer.from(signature, 'base64url'))) throw bad()
  return claims.sub
}

function parsed(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
