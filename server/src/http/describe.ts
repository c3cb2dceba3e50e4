/**
 * The OpenAPI 3.1 description (JSON Schema 2020-12), derived from the endpoints that the router serves: it cannot drift from them.
 * Refusals are grouped by status with their public sentences; `x-permission` names what a bearer token must hold.
 */
import type { TSchema } from 'typebox'
import { type RefusalCode, refusals } from '#domain/refusal.ts'
import { parametersOf } from '#http/coverage.ts'
import { type Door, JSON_TYPE } from '#http/door.ts'
import type { Access, Endpoint } from '#http/endpoint.ts'
import { impliedRefusals } from '#http/route.ts'

export interface Described {
  readonly title: string
  readonly version: string
  readonly origin: string
}

/** A plain object, ready for JSON. */
export function describe(doors: readonly Door[], { origin, title, version }: Described): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const door of doors) {
    for (const endpoint of door.endpoints) {
      const at = paths[endpoint.path] ?? {}
      paths[endpoint.path] = at
      at[endpoint.method.toLowerCase()] = operationOf(door, endpoint)
    }
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    servers: [{ url: origin }],
    tags: doors.map(door => ({ name: door.name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic', description: 'Client id and client secret.' },
        device: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Device and a signed call.' },
        login: { type: 'apiKey', in: 'header', name: 'server-csrf-token', description: 'The csrf value of a login.' },
      },
    },
  }
}

/** Every refusal an endpoint can give, its own and the carrier's. */
export function refusalsOf(endpoint: Endpoint): RefusalCode[] {
  return [...new Set([...endpoint.refusals, ...impliedRefusals(endpoint)])]
}

function operationOf(door: Door, endpoint: Endpoint): Record<string, unknown> {
  const { access, accepts, answers, path, summary } = endpoint
  const jsonType = door.jsonType ?? JSON_TYPE
  return {
    tags: [door.name],
    operationId: operationIdOf(endpoint),
    summary,
    ...securityOf(access),
    parameters: [...pathParameters(path, endpoint.params), ...queryParameters(endpoint.query)],
    ...(accepts && { requestBody: bodyOf(accepts, jsonType) }),
    responses: { [answers.status]: answerOf(answers, jsonType), ...refusalAnswers(endpoint) },
  }
}

function operationIdOf({ method, path }: Endpoint): string {
  return [method.toLowerCase(), ...path.split(/[^A-Za-z0-9]+/).filter(part => part !== '' && part !== 'tenant')].join(
    '_',
  )
}

function securityOf(access: Access): Record<string, unknown> {
  switch (access.kind) {
    case 'bearer':
      return { security: [{ bearer: [] }], 'x-permission': access.permission }
    case 'any-bearer':
      return { security: [{ bearer: [] }], description: `Any valid access token: ${access.why}.` }
    case 'client-proof':
      return {
        security: [{ basic: [] }, { bearer: [] }, {}],
        description: `Authenticates the client itself: ${access.why}.`,
      }
    case 'device-proof':
      return { security: [{ device: [] }], description: `Signed by the device that calls: ${access.why}.` }
    case 'login-proof':
      return { security: [{ login: [] }], description: `By what belongs to one login: ${access.why}.` }
    case 'anyone':
      return { security: [], description: `Open to anyone: ${access.why}.` }
  }
}

interface ObjectShape {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly required?: readonly string[]
}

function pathParameters(path: string, shape: TSchema | undefined): unknown[] {
  const known = (shape as ObjectShape | undefined)?.properties ?? {}
  return parametersOf(path).map(name => ({
    name,
    in: 'path',
    required: true,
    schema: known[name] ?? { type: 'string' },
  }))
}

function queryParameters(shape: TSchema | undefined): unknown[] {
  const { properties = {}, required = [] } = (shape ?? {}) as ObjectShape
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function bodyOf(accepts: NonNullable<Endpoint['accepts']>, jsonType: string): Record<string, unknown> {
  const media = { schema: accepts.shape }
  const types = accepts.as === 'form' ? ['application/x-www-form-urlencoded', 'application/json'] : [bare(jsonType)]
  return {
    required: accepts.mayBeEmpty !== true && accepts.alsoInQuery !== true,
    content: Object.fromEntries(types.map(type => [type, media])),
    ...(accepts.alsoInQuery && { description: 'The parameters may also stand in the query string, each once.' }),
  }
}

function answerOf(answers: Endpoint['answers'], jsonType: string): Record<string, unknown> {
  if (answers.status === 204) return { description: 'Done.' }
  return { description: 'The answer.', content: { [bare(answers.type ?? jsonType)]: { schema: answers.shape } } }
}

function refusalAnswers(endpoint: Endpoint): Record<string, unknown> {
  const byStatus: Record<string, { description: string; 'x-refusals': RefusalCode[] }> = {}
  for (const code of refusalsOf(endpoint)) {
    const [status, , , sentence] = refusals[code]
    const at = byStatus[status] ?? { description: '', 'x-refusals': [] }
    byStatus[status] = {
      description: `${at.description} ${code}: ${sentence}`.trim(),
      'x-refusals': [...at['x-refusals'], code],
    }
  }
  return byStatus
}

const bare = (type: string) => type.split(';', 1)[0]!
