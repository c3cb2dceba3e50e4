/**
 * Where the answer may go: a URI that the client registered, byte for byte (rule P1; RFC 9700 section 4.1.3). Nothing is decoded,
 * normalised or cut off before it is compared. The one exception is RFC 8252 section 7.3: a native application that registered a
 * loopback address in figures may listen on any port of it, since it learns its port only when it starts.
 */
import type { ClientDocument } from '#domain/client.ts'
import { Refusal } from '#domain/refusal.ts'

const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?([/?].*)?$/s
const HIGHEST_PORT = 65_535

export function registeredRedirect(given: string | undefined, document: ClientDocument): string {
  const { redirectUris = [], applicationType } = document
  if (given === undefined) throw new Refusal('invalid_request', 'redirect_uri is needed.')
  if (redirectUris.includes(given)) return given
  if (applicationType === 'native' && redirectUris.some(registered => sameButPort(registered, given))) return given
  throw new Refusal('invalid_redirect_uri', 'The redirect_uri is not registered for this client.')
}

function sameButPort(registered: string, given: string): boolean {
  const [, host, , rest = ''] = loopback.exec(registered) ?? []
  const [, givenHost, port = '1', givenRest = ''] = loopback.exec(given) ?? []
  return host !== undefined && host === givenHost && rest === givenRest && Number(port) <= HIGHEST_PORT
}
