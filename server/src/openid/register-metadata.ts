/**
 * Client metadata → what we keep of a client. RFC 7591 section 2 with the reference's members. Names that nobody knows are kept and shown
 * again; a demand that this server would not fulfil (bound tokens, encrypted userinfo, allowed addresses) is refused instead of
 * echoed, and so are members that the server itself makes.
 */
import type { ClientAuthMethod, ClientDocument } from '#domain/client.ts'
import type { Configuration } from '#domain/configuration.ts'
import { keysIn, signsWith } from '#openid/register-keys.ts'
import { choiceIn, choicesIn, given, type Metadata, textIn, wrongMember } from '#openid/register-members.ts'
import { readResults } from '#openid/register-results.ts'
import { scopesIn } from '#openid/register-scopes.ts'
import { readSignIn } from '#openid/register-sign-in.ts'

const MOST_MEMBERS = 64
const LONGEST_NAME = 100

export const authMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const
export const assertionAlgorithms = ['RS256', 'PS256', 'ES256'] as const
const grantTypes = [
  'client_credentials',
  'password',
  'authorization_code',
  'urn:openid:params:grant-type:ciba',
] as const

const OURS = [
  'client_id',
  'client_secret',
  'client_id_issued_at',
  'client_secret_expires_at',
  'registration_client_uri',
  'registration_access_token',
]
const ABSENT = ['jwks_uri', 'software_statement']

/** The only values for which keeping the member is no lie. */
const honest: Readonly<Record<string, readonly unknown[]>> = {
  subject_type: ['public'],
  userinfo_signed_response_alg: ['', 'none', 'RS256'],
  userinfo_encrypted_response_alg: [''],
  tls_client_certificate_bound_access_tokens: [false, 'false'],
  dpop_bound_access_tokens: [false],
  request_object_encryption_alg: [''],
  authorization_signed_response_alg: [''],
  default_acr_values: [],
  backchannel_authentication_request_signing_alg: [''],
  backchannel_user_code_parameter: [false],
  hid_client_authentication_constraints: [''],
  hid_client_group: ['UG_CLIENTID'],
}

export function readRegistration(metadata: Metadata, configuration: Configuration): ClientDocument {
  assertHonest(metadata)
  const authMethod = choiceIn(metadata, 'token_endpoint_auth_method', authMethods) ?? 'client_secret_basic'
  const authAlgorithm = choiceIn(metadata, 'token_endpoint_auth_signing_alg', assertionAlgorithms)
  const jwks = keysIn(metadata)
  if (authMethod === 'private_key_jwt' && !jwks?.keys.some(key => signsWith(key, authAlgorithm)))
    throw wrongMember('token_endpoint_auth_method', 'private_key_jwt needs a key in jwks that may sign')
  const keyPolicy = codeIn(
    metadata,
    'hid_client_pki_policy',
    code => configuration.findPolicy(code)?.factor === 'assertion',
  )
  const signIn = readSignIn(metadata, jwks, configuration)
  codeIn(metadata, 'hid_client_channel', code => configuration.findChannel(code) !== undefined)
  return {
    name: textIn(metadata, 'client_name', LONGEST_NAME) || 'client',
    grantTypes: grantsIn(metadata, authMethod, signIn.redirectUris !== undefined),
    scopes: scopesIn(metadata),
    ownPolicy:
      codeIn(metadata, 'hid_client_pwd_policy', code => configuration.findPolicy(code)?.factor === 'password') ??
      'AT_SYSLOG',
    userPolicy:
      codeIn(metadata, 'hid_user_authn_policy', code => configuration.findPolicy(code) !== undefined) ?? 'AT_STDPWD',
    userChannel:
      codeIn(metadata, 'hid_user_channel', code => configuration.findChannel(code) !== undefined) ?? 'CH_EXTRAPP',
    authMethod,
    ...given<Pick<ClientDocument, 'jwks' | 'authAlgorithm' | 'keyPolicy'>>({ jwks, authAlgorithm, keyPolicy }),
    ...signIn,
    ...readResults(metadata, jwks, configuration.callbacks),
    metadata,
  }
}

function assertHonest(metadata: Metadata): void {
  const names = Object.keys(metadata)
  if (names.length > MOST_MEMBERS) throw wrongMember('The metadata', `has at most ${MOST_MEMBERS} members`)
  const ours = OURS.find(name => metadata[name] !== undefined)
  if (ours) throw wrongMember(ours, 'is made by the server')
  const absent = ABSENT.find(name => metadata[name] !== undefined)
  if (absent) throw wrongMember(absent, 'is not supported')
  for (const [name, values] of Object.entries(honest)) {
    const value = metadata[name]
    if (value !== undefined && value !== null && !values.includes(value))
      throw wrongMember(name, 'asks for something that this server does not have')
  }
}

function codeIn(metadata: Metadata, name: string, isKnown: (code: string) => boolean): string | undefined {
  const code = textIn(metadata, name, 32)
  if (code === undefined || code === '') return undefined
  if (!isKnown(code)) throw wrongMember(name, 'is not a code of this tenant that can stand here')
  return code
}

/** Clients that prove nothing get nothing without a browser (RFC 6749 section 4.4, CIBA Core section 7.1). */
function grantsIn(metadata: Metadata, method: ClientAuthMethod, redirects: boolean): readonly string[] {
  const asked = choicesIn(metadata, 'grant_types', grantTypes)
  if (method === 'none' && asked?.some(grant => grant !== 'authorization_code'))
    throw wrongMember('grant_types', 'holds only authorization_code for a client that does not prove itself')
  if (!redirects && asked?.includes('authorization_code'))
    throw wrongMember('redirect_uris', 'is needed for authorization_code')
  if (asked && asked.length > 0) return [...new Set(asked)]
  if (method === 'none') return redirects ? ['authorization_code'] : []
  return ['client_credentials', 'password', ...(redirects ? ['authorization_code'] : [])]
}
