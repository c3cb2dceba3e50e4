/**
 * The page of the demo: tells a newcomer what this is and what to try. It holds no secret: the lines it shows read them
 * from the file of the demo.
 */
import { Type } from 'typebox'
import { BANK, type DemoFile, type DemoWorld } from '#cli/demo-world.ts'
import { escaped } from '#cli/escaped.ts'
import { pastedLines } from '#cli/greeting.ts'
import { neutralDialect } from '#http/dialect.ts'
import type { Door } from '#http/door.ts'
import { anyone, endpoint } from '#http/endpoint.ts'

export function landingDoor(world: () => DemoWorld | undefined): Door {
  return { name: 'demo', endpoints: [landingPage, landingStyle], needs: { world }, dialect: neutralDialect }
}

type Needs = { readonly world: () => DemoWorld | undefined }

const landingPage = endpoint({
  method: 'GET',
  path: '/',
  summary: 'What this demo is and what to try.',
  access: anyone('a page without secrets, in the demo only'),
  answers: { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' },
  refusals: [],

  async handle(_, { origin }, { world }: Needs) {
    const demo = world()
    return { body: pageOf(origin, demo?.content ?? { tenant: 'demo' }, demo?.file ?? '') }
  },
})

const landingStyle = endpoint({
  method: 'GET',
  path: '/demo.css',
  summary: 'How the page of the demo looks.',
  access: anyone('a style sheet'),
  answers: { status: 200, shape: Type.String(), type: 'text/css;charset=UTF-8' },
  refusals: [],

  async handle() {
    return { body: STYLE }
  },
})

type Places = Pick<DemoFile, 'tenant' | 'approve' | 'bank'>

function pageOf(origin: string, { tenant, approve, bank }: Places, file: string): string {
  const lines = escaped(pastedLines(origin, tenant, file).join('\n'))
  const authn = `${origin}/${tenant}/authn`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign demo</title>
<link rel="stylesheet" href="/demo.css">
</head>
<body>
<main>
<h1>Countersign</h1>
<p class="lead">A strong-authentication server, running on your machine. This is its demo world: tenant
<code>${escaped(tenant)}</code>, with an example bank, people who sign in there, and simulated hardware tokens.</p>

${approve !== undefined && bank !== undefined ? firstClicks(approve, bank) : ''}
${bank !== undefined ? signIns(bank) : ''}
<section aria-labelledby="codes">
<h2 id="codes">Validate a one-time password</h2>
<p>Paste this into a terminal, in the folder where you started the server. The first line reads the names and secrets of
this demo from its file; the second asks the server to check the code that Alice’s simulated token shows now.</p>
<pre tabindex="0"><code>${lines}</code></pre>
<p>The answer holds an <code>access_token</code>: Alice’s session. Run it again at once and it says
<code>invalid_grant</code>: a code works once.</p>
</section>

<section aria-labelledby="next">
<h2 id="next">Then try</h2>
<ul>
<li><a href="/docs">Every call, readable</a>, and the same <a href="/openapi.json">as OpenAPI 3.1</a>.</li>
<li><a href="${escaped(`${authn}/.well-known/openid-configuration`)}">What this tenant offers</a> as an OpenID provider.</li>
<li>The <a href="/${escaped(tenant)}/account/">page of people’s own devices</a>: sign in as Alice with her password from the demo’s file and
the code of her token, and add a phone there.</li>
<li>Five more tokens, one of each kind, belong to nobody yet: <code>${escaped('0900000001-1')}</code> to <code>-5</code>. Search one
with <code>Device/.search</code>, give it to Bob with <code>PUT Device/{id}</code>, and let it answer a challenge.</li>
<li><code>npx countersign token --help</code> shows what a simulated token can do; <code>npx countersign --help</code> shows
the rest.</li>
</ul>
</section>
</main>
</body>
</html>
`
}

function firstClicks(approve: string, bank: string): string {
  return `<section aria-labelledby="first">
<h2 id="first">Approve a payment, in a minute</h2>
<ol>
<li>Open <a href="${escaped(bank)}/">${BANK}</a>, an example of an application that uses this server. Enrol a phone for Alice there.</li>
<li>The phone is the <a href="${escaped(approve)}/">approve app</a>: it opens from the bank’s page, in another tab,
and keeps its keys in this browser.</li>
<li>Enter a transfer at the bank, compare it in the app, type the two digits and approve it. The bank shows what was signed.</li>
</ol>
</section>
`
}

function signIns(bank: string): string {
  return `<section aria-labelledby="people">
<h2 id="people">Sign people in</h2>
<p>An application sends people to this server’s sign-in page; a workflow, written in JSON, decides what they are asked. Take one of
<a href="/people">the people of the demo</a> (their passwords are there, for this machine alone), choose a way at
<a href="${escaped(bank)}/sign-in">the bank’s sign-in</a>, and see what the bank is told. Codes and links by mail and SMS arrive in
<a href="/inbox">the inbox</a>.</p>
</section>
`
}

const STYLE = `:root { color-scheme: light dark; --ink: #1c2330; --soft: #55607a; --paper: #fbfaf7; --line: #d9d5ca; --link: #0b5d4e; --code: #f1eee6 }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --soft: #a9b0c0; --paper: #14171d; --line: #333a47; --link: #6fd3bd; --code: #1e232c } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-size: 2.25rem; line-height: 1.15; margin: 0 0 .75rem; letter-spacing: -.01em }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem }
.lead { font-size: 1.2rem; color: var(--soft); margin: 0 }
.lead code { color: var(--ink) }
a { color: var(--link) }
a:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 3px }
code { font: .9em/1.5 ui-monospace, monospace; background: var(--code); padding: .1em .3em; border-radius: .25em }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; overflow-x: auto }
pre code { background: none; padding: 0 }
li { margin: .4rem 0 }
`
