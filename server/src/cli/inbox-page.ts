/**
 * The inbox of the demo: `/inbox.json` for tools, `/inbox` for people. Made on the server, without script; it looks again every five
 * seconds. Messages hold codes, so only callers on this machine are answered, by a name of this machine: a page of somebody else's
 * that has its name point here gets nothing.
 */
import { Type } from 'typebox'
import { escaped } from '#cli/escaped.ts'
import type { Inbox } from '#cli/inbox.ts'
import { assertHere } from '#cli/this-machine.ts'
import type { InboxMessage } from '#domain/parcel.ts'
import { neutralDialect } from '#http/dialect.ts'
import type { Door } from '#http/door.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'

export function inboxDoor(inbox: Inbox): Door {
  return { name: 'inbox', endpoints: [inboxList, inboxPage, inboxStyle], needs: { inbox }, dialect: neutralDialect }
}

type Needs = { readonly inbox: Inbox }

const here = anyone('messages of the demo, told to this machine alone')

const message = Type.Object({
  to: Type.String(),
  kind: Type.Union([Type.Literal('email'), Type.Literal('sms')]),
  subject: Type.Optional(Type.String()),
  text: Type.String(),
  at: Type.String(),
})

const inboxList = endpoint({
  method: 'GET',
  path: '/inbox.json',
  summary: 'Messages to people of the demo, the newest last.',
  access: here,
  answers: { status: 200, shape: Type.Array(message), type: 'application/json;charset=UTF-8' },
  refusals: ['not_found'],

  async handle(_, situation: Situation, { inbox }: Needs) {
    assertHere(situation)
    return { body: Buffer.from(JSON.stringify(inbox.messages)) }
  },
})

const inboxPage = endpoint({
  method: 'GET',
  path: '/inbox',
  summary: 'Messages to people of the demo, to look at.',
  access: here,
  answers: { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' },
  refusals: ['not_found'],

  async handle(_, situation: Situation, { inbox }: Needs) {
    assertHere(situation)
    return { body: pageOf(inbox.messages) }
  },
})

const inboxStyle = endpoint({
  method: 'GET',
  path: '/inbox.css',
  summary: 'How the inbox of the demo looks.',
  access: anyone('a style sheet'),
  answers: { status: 200, shape: Type.String(), type: 'text/css;charset=UTF-8' },
  refusals: [],
  handle: async () => ({ body: STYLE }),
})

function pageOf(messages: readonly InboxMessage[]): string {
  const list = messages.toReversed().map(itemOf).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5">
<title>Inbox of the demo</title>
<link rel="stylesheet" href="/inbox.css">
</head>
<body>
<main>
<h1>Inbox of the demo</h1>
<p class="lead">Mail and short messages that this server would send to people. The newest is first; the page looks again every
five seconds.</p>
${list === '' ? '<p>Nothing yet. Codes that are asked for at a sign-in arrive here.</p>' : `<ol>${list}</ol>`}
</main>
</body>
</html>
`
}

function itemOf({ to, kind, subject, text, at }: InboxMessage): string {
  const way = kind === 'email' ? 'Mail to' : 'To'
  return `<li><article>
<h2>${escaped(subject ?? 'Short message')}</h2>
<p class="about">${way} <strong>${escaped(to)}</strong> at <time datetime="${escaped(at)}">${escaped(at.slice(11, 19))} UTC</time></p>
<p class="text">${escaped(text)}</p>
</article></li>`
}

const STYLE = `:root { color-scheme: light dark; --ink: #1c2330; --soft: #55607a; --paper: #fbfaf7; --card: #ffffff; --line: #d9d5ca }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --soft: #a9b0c0; --paper: #14171d; --card: #1b2029; --line: #333a47 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif }
main { max-width: 42rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 .75rem; letter-spacing: -.01em }
.lead { color: var(--soft); margin: 0 0 1.5rem }
ol { list-style: none; margin: 0; padding: 0 }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; margin: 0 0 1rem }
h2 { font-size: 1.1rem; margin: 0 }
.about { color: var(--soft); font-size: .95rem; margin: .15rem 0 .75rem; overflow-wrap: anywhere }
.about strong { color: var(--ink); font-weight: 600 }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
`
