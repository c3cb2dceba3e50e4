/**
 * The three writes of a kind of document that tenants may have of their own: POST of the collection, PUT (which merges, or replaces
 * where the kind says so) and DELETE of one. A version is checked when the caller names one (`If-Match` or `meta.version`); deployed clients name none.
 */
import { type TSchema, Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { DocumentKind } from '#administration/document-kind.ts'
import type { Documents } from '#administration/documents.ts'
import { type Kind, locationOf } from '#configuration/read-documents.ts'
import type { Configuration } from '#domain/configuration.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { assertNoSelector } from '#http/selector.ts'

interface Needs {
  readonly documents: Documents
}
type Here = Situation<Tenant>

/** Members that every written document may have. */
interface Written {
  readonly id?: string
  readonly meta?: { readonly version?: number }
}

interface WritableKind<T extends { readonly code: string; readonly version?: number }, Body extends Written>
  extends Kind<T> {
  readonly rules: DocumentKind<T>
  readonly writeShape: TSchema
  /** Bytes of a body; 64 kB where nothing is said. */
  readonly maxBytes?: number
  /** Of one text in it. */
  readonly maxTextCharacters?: number
  /** What a PUT does with members that are not given. */
  readonly put?: 'merges' | 'replaces'
  /** Both throw what is wrong with the body. `here` is the tenant whose keys seal what must not be read back. */
  create(body: Body, configuration: Configuration, here: Tenant): T
  change(before: T, body: Body, here: Tenant, configuration: Configuration): T
  /** Further members of the answer to a write. */
  told?(document: T, configuration: Configuration): object
}

const params = Type.Object({ id: Type.String({ maxLength: 100 }) })
const query = Type.Object({}, { additionalProperties: true })
const usual = {
  create: 'configuration.update',
  update: 'configuration.update',
  remove: 'configuration.update',
} as const
const judged = ['invalid_value', 'unsupported_value', 'immutable'] as const

export function writeDocuments<T extends { readonly code: string; readonly version?: number }, Body extends Written>(
  kind: WritableKind<T, Body>,
): readonly Endpoint[] {
  const answer = (document: T, here: Here) => {
    const { configuration } = here.tenant
    const body = kind.onWire(document, locationOf(kind, document, here), configuration)
    return { body: { ...body, ...kind.told?.(document, configuration) } }
  }
  const { path, noun, shape, writeShape, rules, maxBytes = 65_536, maxTextCharacters } = kind
  const accepts = {
    as: 'json',
    shape: writeShape,
    maxBytes,
    ...(maxTextCharacters === undefined ? {} : { maxTextCharacters }),
  } as const
  const { create, update, remove: removing } = kind.permissions ?? usual

  const post = endpoint({
    method: 'POST',
    path,
    summary: `Makes a ${noun} of the tenant's own.`,
    access: bearerMay(create),
    query,
    accepts,
    answers: { status: 201, shape },
    refusals: [...judged, 'uniqueness', 'algorithm_absent', 'limit_reached'],
    async handle(request, here: Here, { documents }: Needs) {
      assertNoSelector(request.query)
      const draft = (configuration: Configuration) => kind.create(request.body as Body, configuration, here.tenant)
      return answer(await documents.create(here.tenant, rules, draft, administratorOf(here)), here)
    },
  })

  const put = endpoint({
    method: 'PUT',
    path: `${path}/{id}`,
    summary:
      kind.put === 'replaces'
        ? `Puts another ${noun} in the place of one of the tenant's own.`
        : `Changes a ${noun} of the tenant's own: members that are given are merged, all others stay.`,
    access: bearerMay(update),
    params,
    query,
    accepts,
    answers: { status: 200, shape },
    refusals: [...judged, 'not_found', 'version_mismatch'],
    async handle(request, here: Here, { documents }: Needs) {
      assertNoSelector(request.query)
      const body = request.body as Body
      const code = request.path.id
      if (body.id !== undefined && body.id !== code) throw new Refusal('immutable', 'The id stays.')
      const target = { code, version: versionIn(here, body) }
      const draft = (before: T, now: Configuration) => kind.change(before, body, here.tenant, now)
      return answer(await documents.update(here.tenant, rules, target, draft, administratorOf(here)), here)
    },
  })

  const remove = endpoint({
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: `Removes a ${noun} of the tenant's own that nothing uses.`,
    access: bearerMay(removing),
    params,
    query,
    answers: { status: 204, shape: Type.Null() },
    refusals: ['immutable', 'action_not_possible', 'invalid_value', 'not_found', 'version_mismatch'],
    async handle(request, here: Here, { documents }: Needs) {
      assertNoSelector(request.query)
      const target = { code: request.path.id, version: versionIn(here) }
      await documents.remove(here.tenant, rules, target, administratorOf(here))
      return { body: null }
    },
  })

  return [post, put, remove]
}

/** What can be no version of ours is refused like a stale one. */
export function versionIn({ headers }: Pick<Here, 'headers'>, body?: Written): number | undefined {
  const tag = headers['if-match']?.trim()
  if (tag === undefined || tag === '*') return body?.meta?.version
  const number = /^(?:W\/)?"?(\d{1,15})"?$/.exec(tag)?.[1]
  if (number === undefined) throw new Refusal('version_mismatch')
  return Number(number)
}
