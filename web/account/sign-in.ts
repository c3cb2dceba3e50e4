/**
 * Signs in by code and PKCE (RFC 7636, RFC 9700 section 2.1.1). The token stays in the memory of this page; only the verifier and the
 * state wait in the tab's session storage while the person is away at the portal, and are gone when he comes back.
 */
import { place } from './place.ts'

const SCOPE = 'openid profile account'
const KEPT = 'countersign.sign-in'

interface Kept {
  readonly verifier: string
  readonly state: string
}

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
const chance = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** Leaves the page. */
export async function goToSignIn(language: string, again = false): Promise<void> {
  const kept: Kept = { verifier: chance(), state: chance() }
  sessionStorage.setItem(KEPT, JSON.stringify(kept))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(kept.verifier))
  const query = new URLSearchParams({
    client_id: 'account',
    response_type: 'code',
    redirect_uri: place.self,
    scope: SCOPE,
    state: kept.state,
    nonce: chance(),
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    ui_locales: language,
    ...(again ? { prompt: 'login' } : {}),
  })
  location.assign(`${place.authn}/login?${query}`)
}

export type Arrival =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'signed in'; readonly token: string }
  | { readonly kind: 'failed'; readonly error: string }

/** What came with the address; it is taken out of the address at once, and out of the history. */
export async function arrival(): Promise<Arrival> {
  const query = new URLSearchParams(location.search)
  const kept = takeKept()
  if (location.search !== '') history.replaceState(null, '', location.pathname)
  const [code, error] = [query.get('code'), query.get('error')]
  if (error !== null) return { kind: 'failed', error }
  if (code === null) return { kind: 'fresh' }
  // A code that this tab did not ask for may be somebody else's (RFC 6749 section 10.12).
  if (!kept || query.get('state') !== kept.state) return { kind: 'failed', error: 'state' }
  const response = await fetch(`${place.authn}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'account',
      code,
      redirect_uri: place.self,
      code_verifier: kept.verifier,
    }),
  })
  const answer = (await response.json().catch(() => ({}))) as { access_token?: string; error?: string }
  if (!response.ok || !answer.access_token) return { kind: 'failed', error: answer.error ?? 'server_error' }
  return { kind: 'signed in', token: answer.access_token }
}

function takeKept(): Kept | undefined {
  const text = sessionStorage.getItem(KEPT)
  sessionStorage.removeItem(KEPT)
  try {
    return text === null ? undefined : (JSON.parse(text) as Kept)
  } catch {
    return undefined
  }
}
