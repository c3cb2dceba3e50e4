/**
 * A client's id and secret, from the Authorization header (RFC 6749 section 2.3.1: both urlencoded, then base64) or from
 * the body. An empty Basic header counts as none (deployed clients send one); a filled one beside body credentials is
 * refused, so that nobody is authenticated by another proof than the one he means.
 */
import { Refusal } from '#domain/refusal.ts'

export interface ClientSecret {
  readonly by: 'secret-basic' | 'secret-post'
  readonly clientId: string
  readonly secret: string
}

const MOST_CHARACTERS = 1024

export function readClientSecret(
  authorization: string | undefined,
  body: { readonly client_id?: string | undefined; readonly client_secret?: string | undefined },
): ClientSecret | undefined {
  const basic = readBasic(authorization)
  const inBody = body.client_secret !== undefined
  if (basic && inBody)
    throw new Refusal('invalid_request', 'Client credentials stand in the header and in the body; send one.')
  if (basic) {
    if (body.client_id !== undefined && body.client_id !== basic.clientId) {
      throw new Refusal('invalid_request', 'The client_id of the body is not that of the Authorization header.')
    }
    return basic
  }
  if (body.client_id === undefined || body.client_secret === undefined) return undefined
  return { by: 'secret-post', clientId: body.client_id, secret: body.client_secret }
}

function readBasic(authorization: string | undefined): ClientSecret | undefined {
  const match = /^basic(?: +([A-Za-z0-9+/=_-]*))? *$/i.exec(authorization ?? '')
  if (!match) {
    if (/^basic\b/i.test(authorization ?? ''))
      throw new Refusal('invalid_client', 'The Basic header could not be read.')
    return undefined
  }
  const text = Buffer.from(match[1] ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (text === ':' || text === '') return undefined
  if (colon < 1 || text.length > MOST_CHARACTERS)
    throw new Refusal('invalid_client', 'The Basic header could not be read.')
  return { by: 'secret-basic', clientId: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) }
}

/** Urlencoded by the standard; clients that send it raw are understood as long as it does not decode to something else. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'))
  } catch {
    return text
  }
}
