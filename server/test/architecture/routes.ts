/**
 * What every list of endpoints must hold to: a declared caller, a permission of the one table, refusals of the one list,
 * no address twice. And by text: no endpoint is written that no list, and so no server, knows.
 */
import type { Access, Endpoint } from '#http/endpoint.ts'
import { importsOf } from './imports.ts'
import { type Finding, isProduct, roomOf, type SourceFile } from './source-file.ts'
import { withoutComments } from './without-comments.ts'

export interface EndpointList {
  /** For the finding: `openid/endpoints.ts openidEndpoints`. */
  readonly name: string
  readonly endpoints: readonly Endpoint[]
}

export interface Tables {
  readonly permissions: Readonly<Record<string, unknown>>
  readonly refusals: Readonly<Record<string, unknown>>
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`
const finding = (path: string, what: string): Finding => ({ rule: 'route', path, what })

export function routeFindings(lists: readonly EndpointList[], tables: Tables): Finding[] {
  if (lists.length === 0) return [finding('server/src', 'there is no list of endpoints at all')]
  const each = lists.flatMap(({ name, endpoints }) => [
    ...(endpoints.length === 0 ? [finding(name, 'is empty')] : []),
    ...endpoints.flatMap(one => faultsOf(one, tables).map(what => finding(`${name}: ${nameOf(one)}`, what))),
  ])
  return [...each, ...twice(lists)]
}

function faultsOf(one: Endpoint, { permissions, refusals }: Tables): string[] {
  const faults: string[] = []
  if (!METHODS.includes(one.method)) faults.push('has no method')
  if (!/^\/(?:[\w.-]+|\{\w+\})?(?:\/(?:[\w.-]+|\{\w+\}))*$/.test(one.path)) faults.push('has a path that is none')
  if (!one.summary?.endsWith('.')) faults.push('has no summary that ends with a full stop')
  if (typeof one.handle !== 'function') faults.push('does nothing')
  if (one.answers?.shape === undefined) faults.push('does not say what it answers')
  const access = faultOfAccess(one.access, permissions)
  if (access) faults.push(access)
  for (const code of one.refusals ?? [])
    if (!Object.hasOwn(refusals, code)) faults.push(`refuses with ${code}, which is not in the list`)
  if (!one.refusals) faults.push('does not say how it refuses')
  if (new Set(one.refusals).size !== (one.refusals ?? []).length) faults.push('names a refusal twice')
  return faults
}

function faultOfAccess(access: Access | undefined, permissions: Tables['permissions']): string | undefined {
  switch (access?.kind) {
    case 'bearer':
      return Object.hasOwn(permissions, access.permission)
        ? undefined
        : `asks for ${access.permission}, which is not in the permission table`
    case 'anyone':
    case 'any-bearer':
    case 'client-proof':
    case 'device-proof':
    case 'login-proof':
      return access.why?.trim() ? undefined : 'is open without a reason'
    default:
      return 'does not say who may call it'
  }
}

/** Two endpoints at one address, the names of parameters aside: the router could not tell them apart. */
function twice(lists: readonly EndpointList[]): Finding[] {
  const seen = new Map<string, string>()
  return lists.flatMap(({ name, endpoints }) =>
    endpoints.flatMap(one => {
      const address = nameOf(one).replaceAll(/\{\w+\}/g, '{}')
      const first = seen.get(address)
      if (first === undefined) seen.set(address, name)
      return first === undefined ? [] : [finding(`${name}: ${nameOf(one)}`, `stands already in ${first}`)]
    }),
  )
}

const makesEndpoints = ({ path, text }: SourceFile) =>
  roomOf(path) !== undefined &&
  path !== 'server/src/http/endpoint.ts' &&
  /\bendpoint\(\s*\{/.test(withoutComments(text))

/** Files that write an endpoint and that the server's top does not reach by imports; endpoints that nobody can reach. */
export function strayEndpoints(files: readonly SourceFile[]): Finding[] {
  const product = files.filter(isProduct)
  const served = reachable(
    product,
    product.filter(({ path }) => roomOf(path) === undefined).map(({ path }) => path),
  )
  return product
    .filter(makesEndpoints)
    .flatMap(file => [
      ...(served.has(file.path)
        ? []
        : [finding(file.path, 'writes an endpoint and no list that is served imports it')]),
      ...unlisted(file).map(name => finding(file.path, `${name} is neither exported nor in a list`)),
    ])
}

export function reachable(files: readonly SourceFile[], roots: readonly string[]): Set<string> {
  const edges = new Map(files.map(file => [file.path, importsOf(file).map(({ to }) => to)]))
  const found = new Set<string>()
  const waiting = [...roots]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.add(next)
    waiting.push(...(edges.get(next) ?? []))
  }
  return found
}

/** `const x = endpoint({` without `export`, and `x` in no array of the file. */
function unlisted({ text }: SourceFile): string[] {
  const code = withoutComments(text)
  const own = [...code.matchAll(/^\s*const (\w+)[^=\n]*= endpoint\(\s*\{/gm)].map(found => found[1] as string)
  return own.filter(name => !new RegExp(`\\[[^\\[\\]]*\\b${name}\\b[^\\[\\]]*\\]`).test(code))
}

export const doorFilesWithEndpoints = (files: readonly SourceFile[]) => files.filter(isProduct).filter(makesEndpoints)

export function isEndpoint(value: unknown): value is Endpoint {
  return (
    typeof value === 'object' &&
    value !== null &&
    'method' in value &&
    'path' in value &&
    'handle' in value &&
    'answers' in value
  )
}
