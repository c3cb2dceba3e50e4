/**
 * What else a request may wish for: scope, state, prompt, age, classes of assurance, languages, and whom it is about. OpenID Connect
 * Core section 3.1.2.1. Scopes the client may not have are left out (RFC 6749 section 3.3), and so is `offline_access`: there are
 * no refresh tokens.
 */
import { Refusal } from '#domain/refusal.ts'
import { type Check, invalid, NOTHING, wordsOf } from '#openid/checks/check.ts'
import { responseTypeOf } from '#openid/checks/response.ts'
import { readIdTokenHint } from '#openid/id-token-hint.ts'

const MOST_ACRS = 20
const PROMPTS = ['login', 'consent', 'select_account']

export const scope: Check = ({ parameters, client: { document } }) => {
  const asked = parameters.scope === undefined ? document.scopes : wordsOf(parameters.scope)
  const granted = [...new Set(asked)].filter(one => document.scopes.includes(one) && one !== 'offline_access')
  if (granted.length === 0) throw new Refusal('invalid_scope')
  const needs = responseTypeOf(parameters) !== 'code'
  if (needs && !granted.includes('openid'))
    throw new Refusal('invalid_scope', 'The scope must hold openid, since an id_token is asked for.')
  return { scope: granted.join(' ') }
}

export const state: Check = ({ parameters: { state } }) => (state === undefined ? NOTHING : { state })

/** Nobody is signed in here before he signs in: there is no session that `none` could use. */
export const prompt: Check = ({ parameters: { prompt } }) => {
  if (prompt === undefined) return NOTHING
  const words = wordsOf(prompt)
  if (words.length === 1 && words[0] === 'none') throw new Refusal('login_required')
  if (!words.every(word => PROMPTS.includes(word))) throw invalid(`prompt holds none alone, or: ${PROMPTS.join(', ')}.`)
  return { prompt: words.join(' ') }
}

export const maxAge: Check = ({ parameters: { max_age } }) => {
  if (max_age === undefined) return NOTHING
  if (!/^(0|[1-9][0-9]{0,8})$/.test(max_age)) throw invalid('max_age is a number of seconds.')
  return { maxAge_seconds: Number(max_age) }
}

export const acrValues: Check = ({ parameters: { acr_values } }) => {
  const values = [...new Set(wordsOf(acr_values))]
  if (values.length > MOST_ACRS) throw invalid(`acr_values are at most ${MOST_ACRS}.`)
  return { acrValues: values }
}

/** RFC 5646 tags; what is none is a wish that cannot be met, and no error. */
export const locales: Check = ({ parameters: { ui_locales } }) => {
  const tags = wordsOf(ui_locales).filter(tag => /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(tag))
  return tags.length === 0 ? NOTHING : { locales: tags.join(' ') }
}

/** An id_token of ours says it for certain; a name is only a wish. */
export const loginHint: Check = ({ parameters, client, tenant, signer }) => {
  const { id_token_hint: token, login_hint: name } = parameters
  if (token !== undefined)
    return readIdTokenHint(signer, tenant, client.clientId, token).then(name => ({ loginHint: name }))
  return name === undefined ? NOTHING : { loginHint: name }
}
