/**
 * Who may go on with a login (security.md P6). A login that a browser visited belongs to that browser: its cookie, and for every
 * call but the last navigation the csrf value too. One that was only pushed belongs to the front end of a client that can keep a secret:
 * it needs the csrf value once something has happened in it, and reads it from the answers.
 */
import type { Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { Refusal } from '#domain/refusal.ts'

/** What a caller shows. */
export interface Passage {
  readonly requestUri: string
  /** The header `server-csrf-token`, or the field of a page without scripts. */
  readonly csrf: string | undefined
  /** The header `cookie`. */
  readonly cookies: string | undefined
  /** `navigation`: a browser goes to the address itself, and can send no header. */
  readonly as: 'call' | 'navigation'
}

export function admit(needs: LoginNeeds, login: Login, passage: Passage): void {
  const { row, client, tenant } = login
  const { loginSecrets: secrets } = needs
  const { csrf } = passage
  const same = csrf !== undefined && secrets.sameCsrf(csrf, tenant.number, row.id, row.csrf)
  if (csrf !== undefined && !same) throw new Refusal('csrf_mismatch')
  if (row.browser === null) {
    const confidential = (client.document.authMethod ?? 'client_secret_basic') !== 'none'
    const begun = row.revision > 0 || passage.as === 'navigation'
    if (!confidential || (begun && !same)) throw new Refusal('csrf_mismatch')
    return
  }
  if (!ownBrowser(needs, login, passage)) throw new Refusal('csrf_mismatch')
  if (passage.as === 'call' && !same) throw new Refusal('csrf_mismatch')
}

/** Whether the call comes from the browser to which the login belongs. */
export function ownBrowser({ loginSecrets }: LoginNeeds, { row, request }: Login, passage: Passage): boolean {
  const secure = request.issuer.startsWith('https:')
  return row.browser !== null && loginSecrets.sameBrowser(row.browser, cookieOf(passage, secure))
}

/** One for each login, so that two tabs do not take it from one another. The name tells no more than the uri beside it. */
export const cookieName = (requestUri: string, secure: boolean): string =>
  `${secure ? '__Host-' : ''}login-${requestUri.slice(8, 16)}`

const MOST_COOKIES = 100

/** Only by its own name: without the prefix a neighbour under the same domain could have set it (RFC 6265bis section 4.1.3.2). */
function cookieOf({ cookies = '', requestUri }: Passage, secure: boolean): string | undefined {
  const own = cookieName(requestUri, secure)
  for (const part of cookies.split(';').slice(0, MOST_COOKIES)) {
    const [name = '', value = ''] = part.trim().split('=', 2)
    if (name === own) return value
  }
  return undefined
}

export const currentCsrf = ({ loginSecrets }: LoginNeeds, { tenant, row }: Login, generation = row.csrf): string =>
  loginSecrets.csrf(tenant.number, row.id, generation)
