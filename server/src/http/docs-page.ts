/**
 * The readable description at `/docs`: one server-rendered page from the same endpoints as `/openapi.json`, without script and
 * without anything from elsewhere, so that it works behind the strictest policy and off line.
 * Everything that is not markup of this file is escaped, our own sentences included.
 */
import type { TSchema } from 'typebox'
import { refusals } from '#domain/refusal.ts'
import { parametersOf } from '#http/coverage.ts'
import { type Described, refusalsOf } from '#http/describe.ts'
import type { Door } from '#http/door.ts'
import type { Access, Endpoint } from '#http/endpoint.ts'

export function docsPage(doors: readonly Door[], { origin, title }: Described): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}: interface</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<a class="skip" href="#endpoints">Skip to the endpoints</a>
<header>
<h1>${escapeHtml(title)}</h1>
<p>Base address <code>${escapeHtml(origin)}</code>. For tools: <a href="/openapi.json">OpenAPI description</a>.</p>
</header>
<nav aria-label="Contents">${doors.map(contents).join('')}</nav>
<main id="endpoints" tabindex="-1">${doors.map(section).join('')}</main>
</body>
</html>
`
}

const anchor = ({ method, path }: Endpoint) => `${method}-${path}`.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase()

function contents(door: Door): string {
  const links = door.endpoints.map(
    endpoint =>
      `<li><a href="#${anchor(endpoint)}"><span class="method">${endpoint.method}</span> ${breakable(endpoint.path)}</a></li>`,
  )
  return `<details><summary>${escapeHtml(door.name)} <span class="count">${door.endpoints.length}</span></summary><ul>${links.join('')}</ul></details>`
}

function section(door: Door): string {
  const id = `door-${escapeHtml(door.name)}`
  const also =
    door.alsoUnder === undefined
      ? ''
      : `<p>Every path also stands under <code>${escapeHtml(door.alsoUnder)}</code>.</p>`
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escapeHtml(door.name)}</h2>${also}${door.endpoints.map(article).join('')}</section>`
}

function article(endpoint: Endpoint): string {
  const id = anchor(endpoint)
  return `<article id="${id}" aria-labelledby="${id}-name">
<h3 id="${id}-name"><span class="method">${endpoint.method}</span> <code>${breakable(endpoint.path)}</code></h3>
<p>${withCode(endpoint.summary)}</p>
<p><strong>Who may call:</strong> ${who(endpoint.access)}</p>
${table('Parameters', ['Name', 'Where', 'Kind', 'Needed'], parameterRows(endpoint))}
${table('Answer', ['Status', 'Name', 'Kind'], answerRows(endpoint))}
${table('Refusals', ['Status', 'Code', 'Meaning'], refusalRows(endpoint))}
</article>`
}

function who(access: Access): string {
  if (access.kind === 'bearer')
    return `an access token with the permission <code>${escapeHtml(access.permission)}</code>.`
  if (access.kind === 'any-bearer') return `any valid access token (${withCode(access.why)}).`
  if (access.kind === 'client-proof') return `a client that proves itself here (${withCode(access.why)}).`
  if (access.kind === 'device-proof') return `a device, by its signature over the call (${withCode(access.why)}).`
  if (access.kind === 'login-proof') return `whoever may go on with a login (${withCode(access.why)}).`
  return `anyone (${withCode(access.why)}).`
}

interface Shape {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly description?: string
}

function parameterRows(endpoint: Endpoint): string[][] {
  const path = endpoint.params as Shape | undefined
  const body = endpoint.accepts?.shape as TSchema as Shape | undefined
  const bodyPlace = endpoint.accepts?.alsoInQuery === true ? 'body or query' : 'body'
  return [
    ...parametersOf(endpoint.path).map(name => [
      code(name),
      'path',
      kind(path?.properties?.[name] ?? { type: 'string' }),
      'yes',
    ]),
    ...memberRows(endpoint.query as Shape | undefined, 'query'),
    ...memberRows(body, bodyPlace),
  ]
}

function memberRows(shape: Shape | undefined, place: string): string[][] {
  return Object.entries(shape?.properties ?? {}).map(([name, member]) => [
    code(name),
    place,
    kind(member),
    shape?.required?.includes(name) === true ? 'yes' : 'no',
  ])
}

function answerRows({ answers }: Endpoint): string[][] {
  const shape = answers.shape as Shape
  const members = Object.entries(shape.properties ?? {})
  if (answers.status === 204 || members.length === 0)
    return [[String(answers.status), '', answers.status === 204 ? 'nothing' : kind(shape)]]
  return members.map(([name, member]) => [String(answers.status), code(name), kind(member)])
}

function refusalRows(endpoint: Endpoint): string[][] {
  return refusalsOf(endpoint)
    .map(name => [String(refusals[name][0]), code(name), escapeHtml(refusals[name][3])])
    .sort((one, other) => one[0]!.localeCompare(other[0]!))
}

function kind(shape: Shape): string {
  const said = shape.description === undefined ? '' : `: ${withCode(shape.description)}`
  return escapeHtml(kindWord(shape, 0)) + said
}

function kindWord(shape: Shape, depth: number): string {
  if (depth > 3) return '…'
  if (shape.const !== undefined) return JSON.stringify(shape.const)
  if (shape.enum !== undefined) return shape.enum.map(value => JSON.stringify(value)).join(' or ')
  if (shape.anyOf !== undefined) return [...new Set(shape.anyOf.map(one => kindWord(one, depth + 1)))].join(' or ')
  if (shape.type === 'array')
    return `list of ${shape.items === undefined ? 'anything' : kindWord(shape.items, depth + 1)}`
  return shape.type ?? 'anything'
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const head = heads.map(text => `<th scope="col">${text}</th>`).join('')
  const body = rows.map(row => `<tr>${row.map(cell => `<td>${cell}</td>`).join('')}</tr>`).join('')
  const region = `role="region" tabindex="0" aria-label="${caption}"`
  return `<div class="scroll" ${region}><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

const code = (text: string) => `<code>${escapeHtml(text)}</code>`

/** A path may break behind each slash: long paths must not widen a narrow page. */
const breakable = (path: string) => escapeHtml(path).replaceAll('/', '/<wbr>')

/** A sentence with its names in backquotes shown as code. */
const withCode = (sentence: string) => escapeHtml(sentence).replace(/`([^`]+)`/g, '<code>$1</code>')

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
