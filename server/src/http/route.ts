/**
 * An endpoint made ready at start, so that a request pays for nothing that can be known before: checks, uniform headers, bounds,
 * counters. (A check compiles its shape when it is first asked.) One route serves all addresses of its endpoint.
 */
import { Refusal, type RefusalCode } from '#domain/refusal.ts'
import { uniformHeaders } from '#http/answer.ts'
import { type Door, JSON_TYPE } from '#http/door.ts'
import type { Endpoint } from '#http/endpoint.ts'
import { limits } from '#http/limits.ts'
import { type ShapeCheck, shapeCheck } from '#http/shape-check.ts'
import type { Tally, Traffic } from '#http/traffic.ts'

export interface Route {
  readonly endpoint: Endpoint
  readonly door: Door
  readonly takesTenant: boolean
  readonly takesBearer: boolean
  readonly status: number
  readonly type: string
  readonly uniform: readonly string[]
  readonly refusalType: string
  readonly refusalUniform: readonly string[]
  readonly maxBytes: number
  readonly checkPath: ShapeCheck | undefined
  readonly checkQuery: ShapeCheck | undefined
  readonly checkBody: ShapeCheck | undefined
  readonly declared: ReadonlySet<RefusalCode>
  readonly tally: Tally
}

export function routeOf(door: Door, endpoint: Endpoint, traffic: Traffic): Route {
  const { accepts, access, answers, params, path, query } = endpoint
  const refusalType = door.jsonType ?? JSON_TYPE
  const type = answers.type ?? refusalType
  const mismatch = door.mismatch ?? 'invalid_request'
  const usual = accepts?.as === 'json' ? limits.json_bytes.value : limits.form_bytes.value
  return {
    endpoint,
    door,
    takesTenant: path.includes('{tenant}'),
    takesBearer: access.kind === 'bearer' || access.kind === 'any-bearer',
    status: answers.status,
    type,
    uniform: uniformHeaders(type),
    refusalType,
    refusalUniform: uniformHeaders(refusalType),
    maxBytes: accepts?.maxBytes ?? usual,
    checkPath: params && notFoundUnless(shapeCheck(params, 'not_found')),
    checkQuery: query && shapeCheck(query, mismatch),
    checkBody: accepts && shapeCheck(accepts.shape, mismatch),
    declared: new Set([...endpoint.refusals, ...impliedRefusals(endpoint)]),
    tally: traffic.tally(door.name, endpoint.method, path),
  }
}

/** The refusals that the carrier itself gives for an endpoint, whatever the endpoint declares. */
export function impliedRefusals(endpoint: Endpoint): RefusalCode[] {
  const codes: RefusalCode[] = ['invalid_request']
  if (endpoint.path.includes('{')) codes.push('not_found')
  if (endpoint.access.kind === 'bearer') codes.push('invalid_token', 'forbidden')
  if (endpoint.access.kind === 'any-bearer') codes.push('invalid_token')
  if (endpoint.accepts !== undefined) codes.push('too_large', 'unsupported_media_type')
  else if (endpoint.query !== undefined) codes.push('too_large')
  return codes
}

/** A path that cannot name anything names nothing: no word about shapes. */
function notFoundUnless(check: ShapeCheck): ShapeCheck {
  return value => {
    try {
      check(value)
    } catch (error) {
      if (error instanceof Refusal) throw new Refusal('not_found')
      throw error
    }
  }
}
