/**
 * Who can sign in at the example bank of the demo: `/people`, with their passwords, the code that a simulated token shows now, and a
 * button that makes an invitation for a phone, shown once. Only callers on this machine are answered.
 */
import { createHmac } from 'node:crypto'
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { timeStep } from '@countersign/protocol/oath/totp.ts'
import { Type } from 'typebox'
import { invitePhone } from '#cli/demo-phone.ts'
import { type DemoPerson, nameOf, type Sample, samples, usual, ways } from '#cli/demo-samples.ts'
import type { DemoFile, DemoWorld } from '#cli/demo-world.ts'
import { escaped } from '#cli/escaped.ts'
import type { Office } from '#cli/office.ts'
import { assertHere, assertOwnForm } from '#cli/this-machine.ts'
import { Refusal } from '#domain/refusal.ts'
import { neutralDialect } from '#http/dialect.ts'
import type { Door } from '#http/door.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'

interface Needs {
  readonly world: () => DemoWorld | undefined
  readonly office: () => Office | undefined
  readonly now_ms: () => number
}

export function peopleDoor(needs: Needs): Door {
  return { name: 'people', endpoints: [peoplePage, phoneForm, peopleStyle], needs, dialect: neutralDialect }
}

const here = anyone('people of the demo and their passwords, told to this machine alone')
const page = { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' } as const

const peoplePage = endpoint({
  method: 'GET',
  path: '/people',
  summary: 'People of the demo, and how they sign in.',
  access: here,
  answers: page,
  refusals: ['not_found'],

  async handle(_, situation: Situation, { world, now_ms }: Needs) {
    assertHere(situation)
    return { body: framed('People of the demo', listOf(world()?.content, now_ms())) }
  },
})

const phoneForm = endpoint({
  method: 'POST',
  path: '/people/phone',
  summary: 'Makes an invitation for a phone of a person of the demo, and shows it once.',
  access: here,
  accepts: { as: 'form', shape: Type.Object({ who: Type.String({ maxLength: 100 }) }), maxBytes: 1024 },
  answers: page,
  refusals: ['not_found'],

  async handle({ body: { who } }, situation: Situation, { world, office }: Needs) {
    assertOwnForm(situation)
    const sample = samples.find(one => one.owns === 'phone' && nameOf(one) === who)
    const demo = world()?.content
    const through = office()
    if (!sample || !through || demo?.approve === undefined) throw new Refusal('not_found')
    const message = await invitePhone(through, demo, who)
    const link = `${demo.approve}/#invite=${Buffer.from(message).toString('base64url')}`
    return { body: framed(`A phone for ${sample.name}`, invitation(sample, link, message)) }
  },
})

const peopleStyle = endpoint({
  method: 'GET',
  path: '/people.css',
  summary: 'How the page of people looks.',
  access: anyone('a style sheet'),
  answers: { status: 200, shape: Type.String(), type: 'text/css;charset=UTF-8' },
  refusals: [],
  handle: async () => ({ body: STYLE }),
})

const framed = (title: string, content: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/demo.css">
<link rel="stylesheet" href="/people.css">
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`

function listOf(demo: DemoFile | undefined, now_ms: number): string {
  const list = demo ? shownPeople(demo).map(([sample, person]) => itemOf(sample, person, demo, now_ms)) : []
  return `<p><a href="/">Countersign demo</a></p>
<h1>People of the demo</h1>
<p class="lead">Each signs in at the example bank in another way. Follow a link, type the password, and read what the bank was told.
Codes by mail and SMS arrive in <a href="/inbox">the inbox</a>.</p>
${list.length === 0 ? '<p>There is nobody: the samples are not part of this installation.</p>' : `<ul class="people">${list.join('\n')}</ul>`}`
}

/** Of whom there is a secret to show: those of the bank's counter first. */
function shownPeople({ sign_ins, users, try: token }: DemoFile): readonly (readonly [Sample, DemoPerson])[] {
  if (!sign_ins) return []
  const held = [...users.map(user => (user.externalId === token.user ? { ...user, token } : user)), ...sign_ins.people]
  return [...usual, ...samples].flatMap(sample => {
    const person = held.find(({ externalId }) => externalId === nameOf(sample))
    return person ? [[sample, person] as const] : []
  })
}

function itemOf(sample: Sample, person: DemoPerson, demo: DemoFile, now_ms: number): string {
  const { externalId, password, activation_code, token } = person
  const facts: (readonly [string, string | undefined])[] = [
    ['User name', externalId],
    ['Password', password],
    ['Activation code', activation_code],
    ['Code now', token && codeAt(token.seed, now_ms)],
    ['In a terminal', sample.terminal],
  ]
  const rows = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<div><dt>${name}</dt><dd><code>${escaped(value)}</code></dd></div>`],
  )
  return `<li><article aria-labelledby="${escaped(sample.name)}">
<h2 id="${escaped(sample.name)}">${escaped(sample.name)}</h2>
<p>${escaped(sample.about)}</p>
<dl>${rows.join('')}</dl>
${actionsOf(sample, externalId, demo)}
</article></li>`
}

function actionsOf(sample: Sample, externalId: string, { bank, approve }: DemoFile): string {
  const chosen = ways.filter(({ id }) => sample.ways.includes(id))
  const links = chosen.map(({ id, title }) =>
    bank === undefined
      ? `<li>${escaped(title)}</li>`
      : `<li><a href="${escaped(`${bank}/sign-in/${id}?${new URLSearchParams({ login_hint: externalId })}`)}">${escaped(title)}</a></li>`,
  )
  const phone =
    sample.owns === 'phone' && approve !== undefined
      ? `<form method="post" action="/people/phone"><input type="hidden" name="who" value="${escaped(externalId)}"><button>Give ${escaped(sample.name)} a phone</button></form>`
      : ''
  return `${phone}<p class="try">Sign in:</p><ul>${links.join('')}</ul>`
}

const invitation = (sample: Sample, link: string, message: string) => `<p><a href="/people">People of the demo</a></p>
<h1>A phone for ${escaped(sample.name)}</h1>
<p class="lead">This invitation is shown once. It is good for an hour.</p>
<p><a class="button" href="${escaped(link)}" target="approve" rel="noopener">Open the approve app</a></p>
<p>Add the account there, and leave that tab open: it plays the phone. For the simulated phone of the terminal, save these lines as
<code>invite.json</code> and say <code>npx countersign phone --home .phone activate invite.json</code>.</p>
<pre tabindex="0"><code>${escaped(message)}</code></pre>`

/** As the tokens of the demo compute: TOTP by SHA-1, 30 seconds, 6 digits. */
function codeAt(seed: string, now_ms: number): string {
  const hmac = (_: string, key: Uint8Array, data: Uint8Array) => createHmac('sha1', key).update(data).digest()
  return hotp(hmac, Buffer.from(seed, 'hex'), timeStep(Math.floor(now_ms / 1000), 30), 6)
}

const STYLE = `main { max-width: 64rem }
.people { list-style: none; margin: 2rem 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem }
.people > li { margin: 0 }
article { height: 100%; border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem }
h2 { margin: 0 }
dl { margin: 0 0 .75rem }
dt { color: var(--soft); font-size: .9rem }
dd { margin: 0 0 .25rem; overflow-wrap: anywhere }
article p { margin: .25rem 0 .75rem }
article .try { margin: .75rem 0 0 }
article ul { margin: 0; padding-left: 1.25rem; list-style: disc }
button, .button { display: inline-block; font: inherit; font-weight: 600; padding: .5rem 1rem; min-height: 2.75rem; border: 1px solid var(--link); border-radius: .5rem; background: none; color: var(--link); text-decoration: none; cursor: pointer }
button:focus-visible { outline: 3px solid var(--link); outline-offset: 3px }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
`
