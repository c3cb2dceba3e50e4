/**
 * What comes back and how. OAuth 2.0 Multiple Response Type Encoding Practices, Form Post Response Mode. Two surprises: between the words
 * of `response_type` a comma does as well as a blank (the reference shows both), and `code id_token` goes into the query where no mode is
 * given, as the reference shows it; a mode that is given always wins.
 */
import { RESPONSE_MODES, RESPONSE_TYPES, type ResponseMode, type ResponseType } from '#domain/login.ts'
import { Refusal } from '#domain/refusal.ts'
import { type Check, invalid, NOTHING } from '#openid/checks/check.ts'
import type { Parameters } from '#openid/checks/parameters.ts'

const wordsOf = (text: string | undefined) => (text ?? '').split(/[ ,]+/).filter(word => word !== '')

/** In the order of our names: `id_token code` is `code id_token`. */
export function responseTypeOf({ response_type }: Parameters): ResponseType | undefined {
  const words = wordsOf(response_type)
  const name = [...words].sort().join(' ')
  return RESPONSE_TYPES.find(type => type === name)
}

const usualMode = ({ response_type }: Parameters): ResponseMode => {
  const words = wordsOf(response_type)
  return words.includes('token') || (words.length === 1 && words[0] === 'id_token') ? 'fragment' : 'query'
}

/** How an error is told, even where the type or the mode is what is wrong. */
export function modeForErrors(parameters: Parameters): ResponseMode {
  return RESPONSE_MODES.find(mode => mode === parameters.response_mode) ?? usualMode(parameters)
}

export const responseType: Check = ({ parameters, client: { document } }) => {
  const type = responseTypeOf(parameters)
  if (parameters.response_type === undefined) throw invalid('response_type is needed.')
  if (type === undefined) {
    throw new Refusal('unsupported_response_type', `response_type is one of: ${RESPONSE_TYPES.join(', ')}.`)
  }
  if (!(document.responseTypes ?? ['code']).includes(type))
    throw new Refusal('unauthorized_client', 'The client did not register this response type.')
  return { responseType: type }
}

export const responseMode: Check = ({ parameters }) => {
  const { response_mode: given, redirect_uri = '' } = parameters
  const mode = given === undefined ? usualMode(parameters) : RESPONSE_MODES.find(one => one === given)
  if (mode === undefined) throw invalid(`response_mode is one of: ${RESPONSE_MODES.join(', ')}.`)
  if (mode === 'query' && responseTypeOf(parameters) === 'id_token')
    throw invalid('An id_token that comes alone is not put into a query.')
  if (mode === 'form_post' && !/^https?:/i.test(redirect_uri))
    throw invalid('form_post needs a redirect_uri that can be posted to.')
  return { responseMode: mode }
}

/** What comes through the browser is tied to the client's request by it: OpenID Connect Core sections 3.2.2.1 and 3.3.2.1. */
export const nonce: Check = ({ parameters }) => {
  const { nonce } = parameters
  if (nonce === undefined && responseTypeOf(parameters) !== 'code')
    throw invalid('nonce is needed when an id_token comes through the browser.')
  return nonce === undefined ? NOTHING : { nonce }
}
