/**
 * How a login ends at the client: a redirect with the answer in query or fragment, or a page that posts it. RFC 6749 section 4.1.2,
 * OAuth 2.0 Multiple Response Types and Form Post Response Mode, RFC 9207 (`iss`). Pure. The page has no script of its own: the one
 * it names submits the form, a button does without scripts, and its policy lets forms go nowhere but to that client.
 */
import type { AuthorizationRequest } from '#domain/login.ts'
import { Fault } from '#domain/refusal.ts'
import type { Answer } from '#http/endpoint.ts'
import { escaped } from '#openid/portal-page/html.ts'

export type Back = Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state' | 'issuer'>

/** Served with the portal. */
const FORM_POST_SCRIPT = '/portal/form-post.js'

/** What the client is told; `state` and `iss` are added. */
export type Told = Readonly<
  Partial<Record<'code' | 'id_token' | 'error' | 'error_description' | 'expires_in', string | undefined>>
>

const KEPT = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } as const

export function redirectAnswer(back: Back, told: Told): Answer<string> {
  const members = membersOf(back, told)
  if (!/^[\x21-\x7e]+$/.test(back.redirectUri)) throw new Fault('a redirect URI holds what no header may hold')
  return back.responseMode === 'form_post' ? formPost(back.redirectUri, members) : redirect(back, members)
}

/** The same for an application that takes the answer itself (`code_request`). */
export function membersOf({ state, issuer }: Back, told: Told): readonly (readonly [string, string])[] {
  const { error, error_description, ...rest } = told
  const all = {
    ...rest,
    error: error === undefined ? undefined : plain(error),
    error_description: error_description === undefined ? undefined : plain(error_description),
    state,
    iss: issuer,
  }
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

/** RFC 6749 appendix A.7 and A.8: printable ASCII without quotes and backslashes. */
const plain = (text: string) => text.replaceAll('"', "'").replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, '?')

function redirect({ redirectUri, responseMode }: Back, members: readonly (readonly [string, string])[]) {
  const text = members.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const location = `${redirectUri}${responseMode === 'fragment' ? '#' : joint(redirectUri)}${text}`
  return { status: 302, headers: { ...KEPT, location, 'content-type': 'text/plain;charset=UTF-8' }, body: '' }
}

function joint(uri: string): string {
  if (!uri.includes('?')) return '?'
  return /[?&]$/.test(uri) ? '' : '&'
}

function formPost(redirectUri: string, members: readonly (readonly [string, string])[]) {
  const inputs = members
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('\n')
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>One moment</title>
<script src="${FORM_POST_SCRIPT}" defer></script>
</head>
<body>
<main>
<form method="post" action="${escaped(redirectUri)}">
${inputs}
<noscript><p>Continue to the application.</p><button type="submit">Continue</button></noscript>
</form>
</main>
</body>
</html>
`
  return {
    status: 200,
    headers: {
      ...KEPT,
      'content-type': 'text/html;charset=UTF-8',
      'content-security-policy':
        `default-src 'none'; script-src 'self'; form-action ${formTarget(redirectUri)}; ` +
        "frame-ancestors 'none'; base-uri 'none'",
      'x-frame-options': 'DENY',
    },
    body,
  }
}

/** CSP Level 3 section 6.7.2.8: no address in figures matches but 127.0.0.1, so for others only their scheme can stand. */
function formTarget(uri: string): string {
  const { origin, protocol, hostname } = new URL(uri)
  const figures = /^[0-9.]+$/.test(hostname) || hostname.startsWith('[')
  return figures && hostname !== '127.0.0.1' ? protocol : origin
}
