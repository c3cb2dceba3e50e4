/**
 * The peer: `oidc-provider` 9 with a client for client_credentials by Basic and opaque tokens, two for CIBA with poll, whose
 * id_tokens are RS256 and ES256, and two that sign people in with a code. The first word is the adapter: `memory` for its own (an LRU of 1,000 entries), or the path of a
 * SQLite file. POST /answer stands for the user's phone: a grant, and `backchannelResult`; POST /finish
 * for the pages of an interaction: a grant, and `interactionFinished`.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Provider from 'oidc-provider'
import { sqliteAdapter } from './oidc-adapter.ts'
import { REDIRECT } from './sign-in-cycle.ts'

const [storage = 'memory'] = process.argv.slice(2)
const CIBA = 'urn:openid:params:grant-type:ciba'

const shared = {
  client_secret: process.env.BENCH_SECRET,
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
}
const asking = (algorithm: 'RS256' | 'ES256') => ({
  ...shared,
  client_id: `bench-${algorithm}`,
  grant_types: [CIBA],
  backchannel_token_delivery_mode: 'poll',
  id_token_signed_response_alg: algorithm,
})

const signing = (algorithm: 'RS256' | 'ES256') => ({
  ...shared,
  client_id: `login-${algorithm}`,
  redirect_uris: [REDIRECT],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: algorithm,
})

const provider = new Provider(`http://127.0.0.1:${process.env.PORT}`, {
  clients: [
    { ...shared, client_id: 'bench', grant_types: ['client_credentials'] },
    ...(['RS256', 'ES256'] as const).flatMap(algorithm => [asking(algorithm), signing(algorithm)]),
  ],
  jwks: {
    keys: [
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    ],
  },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    ciba: {
      enabled: true,
      processLoginHint: async (_: unknown, hint: string) => hint,
      validateBindingMessage: async () => {},
      validateRequestContext: async () => {},
      verifyUserCode: async () => {},
      triggerAuthenticationDevice: async () => {},
    },
  },
  findAccount: async (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  ...(storage === 'memory' ? {} : { adapter: sqliteAdapter(storage) }),
})

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const piece of request) text += piece
  return new URLSearchParams(text)
}

async function answer(request: IncomingMessage): Promise<void> {
  const asked = await provider.BackchannelAuthenticationRequest.find((await bodyOf(request)).get('auth_req_id') ?? '')
  if (!asked) throw new Error('there is no such request')
  const { accountId, clientId } = asked
  const grant = new provider.Grant({ accountId, clientId })
  grant.addOIDCScope('openid')
  await grant.save()
  await provider.backchannelResult(asked, grant)
}

/** Says who signs in and to what he agrees, in one step; proves nothing. */
async function finish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  const accountId = body.get('user') ?? ''
  const grant = new provider.Grant({ accountId, clientId: body.get('client') ?? '' })
  grant.addOIDCScope('openid')
  const grantId = await grant.save()
  await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId } })
}

const others = provider.callback()
createServer((request, response) => {
  const failed = (error: Error) =>
    response.writeHead(500, { 'content-length': error.message.length }).end(error.message)
  if (request.url === '/finish') return void finish(request, response).catch(failed)
  if (request.url !== '/answer') return others(request, response)
  answer(request).then(() => response.writeHead(200, { 'content-length': 2 }).end('{}'), failed)
}).listen(Number(process.env.PORT), '127.0.0.1')

process.once('SIGTERM', () => process.exit(0))
