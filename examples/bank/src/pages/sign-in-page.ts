/** Where people choose how to sign in, and what they are told when it came to nothing. */
import type { Way } from '../configuration.ts'
import type { NotSignedIn } from '../sign-in.ts'
import type { Page } from './frame.ts'
import { html } from './html.ts'

export const signInPage = (ways: readonly Way[]): Page => ({
  title: 'Sign in',
  content: html`<h1>Sign in to online banking</h1>
<p class="lead">A real bank has one button. Here each stands for another workflow of the server, to be tried.</p>
${ways.length === 0 && html`<p>This bank was told of no way to sign in.</p>`}
<ul class="customers ways">
${ways.map(
  ({ id, title, about }) =>
    html`<li class="card"><h2>${title}</h2><p>${about}</p><a class="button primary" href="/sign-in/${id}">Sign in<span class="unseen"> by: ${title}</span></a></li>\n`,
)}</ul>`,
})

export function notSignedInPage({ error, description }: NotSignedIn, way: Way | undefined): Page {
  return {
    title: 'Not signed in',
    content: html`<h1 class="bad" tabindex="-1">Not signed in</h1>
<p class="lead">${WORDS.get(error) ?? 'Something went wrong between the bank and its sign-in server.'}</p>
${description !== '' && html`<p>The sign-in page says: ${description}</p>`}
<p class="code"><code>${error}</code></p>
<p>${way && html`<a class="button primary" href="/sign-in/${way.id}">Try again</a> `}<a class="button" href="/sign-in">Another way</a></p>`,
  }
}

/** RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6, and those of the server. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['access_denied', 'It was refused: you gave up, did not allow it, or the tries were used up.'],
  ['no_template_found_for_criteria', 'You have nothing with which you could sign in this way.'],
  ['no_template_found', 'You have nothing with which you could sign in this way.'],
  ['login_required', 'You have to sign in on the page of the server.'],
  ['consent_required', 'You have to say what the bank may know.'],
  ['temporarily_unavailable', 'The sign-in server is busy. Try again in a minute.'],
  ['server_error', 'The sign-in server had a problem. Try again in a minute.'],
  ['invalid_grant', 'The answer came too late, or was used before. Sign in again.'],
  [
    'answer_does_not_fit',
    'What came back is not the answer of the sign-in server to this bank. Nothing was believed of it.',
  ],
  ['not_begun', 'This sign-in did not begin in this browser, or it is over. Begin again.'],
])
