/**
 * The door that describes the doors: `/openapi.json`, `/docs` and its style sheet. Made from the list of doors, itself included.
 * The texts are made once, at the first request, because the public origin may be known only when the server listens.
 */
import Type from 'typebox'
import { describe } from '#http/describe.ts'
import { neutralDialect } from '#http/dialect.ts'
import { docsPage } from '#http/docs-page.ts'
import { docsStyle } from '#http/docs-style.ts'
import type { Door } from '#http/door.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'

interface Needs {
  readonly doors: readonly Door[]
  readonly title: string
  /** Of the interface described, not of the program: no version banner. */
  readonly version: string
  readonly texts: { page?: string; description?: Uint8Array }
}

const open = anyone('the interface is public')

const described = endpoint({
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description, for tools (OpenAPI 3.1).',
  access: open,
  answers: { status: 200, shape: Type.Object({ openapi: Type.String() }), type: 'application/json;charset=UTF-8' },
  refusals: [],
  async handle(_request, { origin }: Situation, { doors, texts, title, version }: Needs) {
    texts.description ??= Buffer.from(JSON.stringify(describe(doors, { origin, title, version })))
    return { body: texts.description }
  },
})

const page = endpoint({
  method: 'GET',
  path: '/docs',
  summary: 'This description, for people.',
  access: open,
  answers: { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' },
  refusals: [],
  async handle(_request, { origin }: Situation, { doors, texts, title, version }: Needs) {
    texts.page ??= docsPage(doors, { origin, title, version })
    return { body: texts.page }
  },
})

const style = endpoint({
  method: 'GET',
  path: '/docs.css',
  summary: 'The style sheet of the page.',
  access: open,
  answers: { status: 200, shape: Type.String(), type: 'text/css;charset=UTF-8' },
  refusals: [],
  handle: async () => ({ body: docsStyle }),
})

export function docsDoor(doors: readonly Door[], title: string, version: string): Door {
  const endpoints = [described, page, style]
  const needs: Needs = { doors: [], title, version, texts: {} }
  const door: Door = { name: 'docs', endpoints, needs, dialect: neutralDialect }
  return { ...door, needs: { ...needs, doors: [...doors, door] } satisfies Needs }
}
