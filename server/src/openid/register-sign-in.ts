/**
 * What a client registers for signing people in: where they are sent back to (RFC 7591, RFC 8252), in which form its requests come
 * (RFC 9101, RFC 9126), and by which workflow, theme and consent of the tenant. Surprise: `userinfo_signed_response_alg` that is
 * empty or `none` means plain JSON, and a client that says nothing gets a JWT, as in the reference.
 */
import type { ClientDocument } from '#domain/client.ts'
import type { Configuration } from '#domain/configuration.ts'
import { RESPONSE_TYPES, type ResponseType } from '#domain/login.ts'
import { redirectsIn } from '#openid/register-addresses.ts'
import { signsWith } from '#openid/register-keys.ts'
import { choiceIn, given, type Metadata, switchIn, textIn, textsIn, wrongMember } from '#openid/register-members.ts'

export const requestAlgorithms = ['RS256', 'PS256', 'ES256'] as const
const LONGEST_ID = 128

type SignIn = Pick<
  ClientDocument,
  | 'redirectUris'
  | 'responseTypes'
  | 'applicationType'
  | 'workflowId'
  | 'themeId'
  | 'consentPrompt'
  | 'requestAlgorithm'
  | 'requiresSigned'
  | 'requiresPushed'
  | 'userinfoPlain'
>

export function readSignIn(
  metadata: Metadata,
  jwks: ClientDocument['jwks'],
  configuration: Configuration,
): Partial<SignIn> {
  const applicationType = choiceIn(metadata, 'application_type', ['web', 'native'])
  const redirects = redirectsIn(metadata, applicationType === 'native')
  return given<SignIn>({
    redirectUris: redirects.length > 0 ? redirects : undefined,
    responseTypes: responseTypesIn(metadata),
    applicationType,
    workflowId: documentIn(metadata, 'workflow_id', id => configuration.findWorkflow(id) !== undefined),
    themeId: documentIn(metadata, 'theme_id', id => configuration.findTheme(id) !== undefined),
    consentPrompt: switchIn(metadata, 'hid_client_consentprompt'),
    ...requestsIn(metadata, jwks),
    userinfoPlain: ['', 'none'].some(plain => plain === metadata.userinfo_signed_response_alg) ? true : undefined,
  })
}

function requestsIn(metadata: Metadata, jwks: ClientDocument['jwks']) {
  const requestAlgorithm = choiceIn(metadata, 'request_object_signing_alg', requestAlgorithms)
  const requiresSigned = switchIn(metadata, 'require_signed_request_object')
  const signs = jwks?.keys.some(key => signsWith(key, requestAlgorithm)) === true
  if (!signs && (requestAlgorithm !== undefined || requiresSigned === true))
    throw wrongMember('jwks', 'needs a key that may sign, for request objects')
  const requiresPushed = switchIn(metadata, 'require_pushed_authorization_requests')
  return { requestAlgorithm, requiresSigned, requiresPushed }
}

/** The words of a type in any order; written out in ours. */
function responseTypesIn(metadata: Metadata): readonly ResponseType[] | undefined {
  const texts = textsIn(metadata, 'response_types', RESPONSE_TYPES.length)
  if (texts === undefined || texts.length === 0) return undefined
  const types = texts.map(text => RESPONSE_TYPES.find(type => type === text.split(' ').sort().join(' ')))
  if (types.includes(undefined)) throw wrongMember('response_types', `holds only: ${RESPONSE_TYPES.join(', ')}`)
  return [...new Set(types as ResponseType[])]
}

function documentIn(metadata: Metadata, name: string, isKnown: (id: string) => boolean): string | undefined {
  const id = textIn(metadata, name, LONGEST_ID)
  if (id === undefined || id === '') return undefined
  if (!isKnown(id)) throw wrongMember(name, 'is not the id of a document of this tenant')
  return id
}
