/**
 * Every endpoint that a running server serves, as its own description tells it: what is not in the table of a test that
 * walks them makes the test fail, so that a new endpoint cannot stay without its case.
 */
import { send, type World } from '../world.ts'

export interface Served {
  readonly method: string
  readonly path: string
  readonly door: string
  /** Whether a bearer token of a caller is asked for. */
  readonly needsBearer: boolean
  /** Whether anybody may call. */
  readonly open: boolean
}

interface Described {
  readonly tags: readonly string[]
  readonly security: readonly object[]
}

export async function servedEndpoints(world: World): Promise<readonly Served[]> {
  const { body } = await send(`${world.base}/openapi.json`)
  const served: Served[] = []
  for (const [path, methods] of Object.entries<Record<string, Described>>(body.paths)) {
    for (const [method, { tags, security }] of Object.entries(methods)) {
      const needsBearer = security.length === 1 && 'bearer' in (security[0] ?? {})
      served.push({ method: method.toUpperCase(), path, door: tags[0] ?? '', needsBearer, open: security.length === 0 })
    }
  }
  if (served.length < 25) throw new Error('the description of the server is nearly empty')
  return served
}

export const nameOf = ({ method, path }: Pick<Served, 'method' | 'path'>) => `${method} ${path}`

export const addressOf = (world: World, path: string, id = '1', tenant = world.demo.tenant) =>
  world.base + path.replace('{tenant}', tenant).replaceAll(/\{[A-Za-z_]+\}/g, encodeURIComponent(id))
