/**
 * How results of push operations reach a client, from its metadata: mode and address (CIBA Core section 4), format and encryption of
 * id_tokens, and the switches of ours. A switch that would undo another is refused, not obeyed in silence (rule C4).
 */
import type { CallbackRules } from '#domain/callback-rules.ts'
import type { ClientDocument } from '#domain/client.ts'
import { callbackIn, callbacksIn } from '#openid/register-addresses.ts'
import { encryptsWith } from '#openid/register-keys.ts'
import { choiceIn, given, type Metadata, switchIn, wrongMember } from '#openid/register-members.ts'

type Results = Pick<
  ClientDocument,
  | 'delivery'
  | 'notificationEndpoint'
  | 'callbacks'
  | 'callbackPlain'
  | 'idTokenAlgorithm'
  | 'idTokenEncryption'
  | 'numberMatching'
  | 'userlessSilent'
  | 'dcs'
  | 'dcsFreeText'
>

export function readResults(metadata: Metadata, jwks: ClientDocument['jwks'], rules: CallbackRules): Partial<Results> {
  const delivery = choiceIn(metadata, 'backchannel_token_delivery_mode', ['poll', 'ping', 'push'])
  const notificationEndpoint = callbackIn(metadata, 'backchannel_client_notification_endpoint', rules)
  if (delivery === 'ping' && notificationEndpoint === undefined)
    throw wrongMember('backchannel_client_notification_endpoint', 'is needed for the mode ping')
  const callbackPlain = switchIn(metadata, 'hid_ciba_callback_format_plain')
  const idTokenAlgorithm = choiceIn(metadata, 'id_token_signed_response_alg', ['RS256', 'ES256'])
  const idTokenEncryption = encryptionIn(metadata, jwks)
  if (callbackPlain && (idTokenEncryption || idTokenAlgorithm))
    throw wrongMember('hid_ciba_callback_format_plain', 'leaves nothing to sign or encrypt: it excludes id_token_…_alg')
  return given<Results>({
    delivery,
    notificationEndpoint,
    callbacks: callbacksIn(metadata, 'hid_callback_uris', rules),
    callbackPlain,
    idTokenAlgorithm,
    idTokenEncryption,
    ...switchesIn(metadata),
  })
}

function switchesIn(metadata: Metadata) {
  const dcs = switchIn(metadata, 'dcs')
  const dcsFreeText = switchIn(metadata, 'dcs_free_text')
  if (dcs === false && dcsFreeText) throw wrongMember('dcs_free_text', 'needs dcs')
  return {
    numberMatching: switchIn(metadata, 'number_matching') ?? false,
    userlessSilent: switchIn(metadata, 'userless_silent'),
    dcs,
    // Whoever wants no such signatures wants none with free text, whatever would be inherited.
    dcsFreeText: dcs === false ? false : dcsFreeText,
  }
}

function encryptionIn(metadata: Metadata, jwks: ClientDocument['jwks']): ClientDocument['idTokenEncryption'] {
  const alg = choiceIn(metadata, 'id_token_encrypted_response_alg', ['RSA-OAEP-256'])
  const enc = choiceIn(metadata, 'id_token_encrypted_response_enc', ['A128CBC-HS256', 'A256GCM'])
  if (alg === undefined) {
    if (enc !== undefined) throw wrongMember('id_token_encrypted_response_enc', 'needs id_token_encrypted_response_alg')
    return undefined
  }
  if (!jwks?.keys.some(encryptsWith))
    throw wrongMember('id_token_encrypted_response_alg', 'needs an RSA key in jwks whose use is enc')
  return { alg, enc: enc ?? 'A128CBC-HS256' }
}
