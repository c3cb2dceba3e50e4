/**
 * Every endpoint the server has says who may call it, by a permission of the one table, and how it refuses. Nothing is
 * served that is not in a list, nothing is listed twice, and an empty table is itself a finding.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/schema'
import { describe, expect, it } from 'vitest'
import { Inbox } from '#cli/inbox.ts'
import { inboxDoor } from '#cli/inbox-page.ts'
import { landingDoor } from '#cli/landing-page.ts'
import { peopleDoor } from '#cli/people-page.ts'
import { permissions } from '#domain/permission.ts'
import { refusals } from '#domain/refusal.ts'
import { docsDoor } from '#http/docs.ts'
import { anyone, bearerMay, type Endpoint, endpoint } from '#http/endpoint.ts'
import { type ObserveNeeds, observeDoor } from '#http/observe.ts'
import { ROOT, readProject } from './architecture/read-project.ts'
import { rooms } from './architecture/rooms.ts'
import {
  doorFilesWithEndpoints,
  type EndpointList,
  isEndpoint,
  routeFindings,
  strayEndpoints,
} from './architecture/routes.ts'

const tables = { permissions, refusals }
const files = readProject()

const load = async (path: string): Promise<Record<string, unknown>> =>
  await import(pathToFileURL(join(ROOT, path)).href)

/** `endpoints.ts` of every room that has one, and the doors that are made by a function. */
async function collect(): Promise<EndpointList[]> {
  const paths = Object.keys(rooms).map(room => `server/src/${room}/endpoints.ts`)
  const modules = paths
    .filter(path => existsSync(join(ROOT, path)))
    .map(async path => [path, await load(path)] as const)
  const lists = (await Promise.all(modules)).flatMap(([path, module]) =>
    Object.entries(module).map(([name, endpoints]) => ({
      name: `${path} ${name}`,
      endpoints: endpoints as Endpoint[],
    })),
  )
  const doors = [
    observeDoor({} as ObserveNeeds),
    docsDoor([], 'Countersign', '1'),
    landingDoor(() => undefined),
    inboxDoor(new Inbox()),
    peopleDoor({ world: () => undefined, office: () => undefined, now_ms: () => 0 }),
  ]
  return [...lists, ...doors.map(({ name, endpoints }) => ({ name: `the door ${name}`, endpoints }))]
}
const lists = await collect()
const all = lists.flatMap(({ endpoints }) => endpoints)

describe('the real endpoints', () => {
  it('are there', () => {
    const names = all.map(({ method, path }) => `${method} ${path}`)
    expect(names).toContain('POST /{tenant}/authn/token')
    expect(names).toContain('GET /configuration/{tenant}/v2/Device/Type')
    expect(names).toContain('GET /healthz')
    expect(lists.length).toBeGreaterThanOrEqual(5)
    expect(all.length).toBeGreaterThanOrEqual(16)
  })

  it('each declare their caller, their permission and their refusals, at an address of their own', () => {
    expect(routeFindings(lists, tables)).toEqual([])
  })

  it('are all served: no file writes an endpoint that the composition does not reach', () => {
    expect(doorFilesWithEndpoints(files).length).toBeGreaterThanOrEqual(7)
    expect(strayEndpoints(files)).toEqual([])
  })

  it('that a file exports stand in a list, as the very same value', async () => {
    const listed = new Set<unknown>(all)
    const lost: string[] = []
    for (const { path } of doorFilesWithEndpoints(files)) {
      for (const [name, value] of Object.entries(await load(path))) {
        for (const one of [value].flat()) if (isEndpoint(one) && !listed.has(one)) lost.push(`${path} ${name}`)
      }
    }
    expect(lost).toEqual([])
  })

  it('have shapes that can be compiled, because the server compiles each only when its first request comes', () => {
    const shapes = all.flatMap(({ accepts, params, query }) => [accepts?.shape, params, query])
    const taken = shapes.filter((shape): shape is TSchema => shape !== undefined)
    expect(taken.length).toBeGreaterThan(30)
    for (const shape of taken) expect(() => Compile(shape).Check(undefined)).not.toThrow()
  })

  it('that open without a caller are few, and each says why', () => {
    const open = all.filter(({ access }) => access.kind === 'anyone').map(({ method, path }) => `${method} ${path}`)
    expect(open.sort()).toEqual([
      'GET /',
      'GET /account-app/{file}',
      'GET /demo.css',
      'GET /docs',
      'GET /docs.css',
      'GET /healthz',
      'GET /inbox',
      'GET /inbox.css',
      'GET /inbox.json',
      'GET /openapi.json',
      'GET /people',
      'GET /people.css',
      'GET /portal/{file}',
      'GET /readyz',
      'GET /{tenant}/account',
      'GET /{tenant}/approve/v1/service',
      'GET /{tenant}/authn/.well-known/openid-configuration',
      'GET /{tenant}/authn/jwks',
      'GET /{tenant}/authn/login',
      'GET /{tenant}/authn/portal',
      'GET /{tenant}/authn/portal/reset',
      'POST /people/phone',
      'POST /{tenant}/approve/v1/activation',
      'POST /{tenant}/approve/v1/activation/start',
      'POST /{tenant}/authn/login',
      'POST /{tenant}/authn/portal',
      'POST /{tenant}/authn/portal/reset',
    ])
  })
})

describe('planted', () => {
  const good: Endpoint = endpoint({
    method: 'GET',
    path: '/scim/{tenant}/v2/Users/{id}',
    summary: 'Shows a user.',
    access: bearerMay('user.read'),
    answers: { status: 200, shape: Type.Object({}) },
    refusals: ['not_found'],
    handle: async () => ({ body: {} }),
  })
  const found = (...endpoints: unknown[]) =>
    routeFindings([{ name: 'list', endpoints: endpoints as Endpoint[] }], tables).map(({ what }) => what)

  it('the good one is good', () => expect(found(good)).toEqual([]))

  it.each([
    [{ access: undefined }, 'does not say who may call it'],
    [{ access: { kind: 'everyone' } }, 'does not say who may call it'],
    [{ access: bearerMay('user.envy') }, 'asks for user.envy, which is not in the permission table'],
    [{ access: bearerMay('toString') }, 'asks for toString, which is not in the permission table'],
    [{ access: anyone(' ') }, 'is open without a reason'],
    [{ refusals: ['no_luck'] }, 'refuses with no_luck, which is not in the list'],
    [{ refusals: ['not_found', 'not_found'] }, 'names a refusal twice'],
    [{ refusals: undefined }, 'does not say how it refuses'],
    [{ summary: 'Shows' }, 'has no summary that ends with a full stop'],
    [{ path: 'Users' }, 'has a path that is none'],
  ])('%o', (change, what) => expect(found({ ...good, ...change })).toEqual([what]))

  it('two endpoints at one address, whatever the parameter is called', () => {
    expect(found(good, { ...good, path: '/scim/{tenant}/v2/Users/{user}' })).toEqual(['stands already in list'])
    expect(found(good, { ...good, method: 'DELETE' })).toEqual([])
  })

  it('no list, and an empty one', () => {
    expect(routeFindings([], tables)).toHaveLength(1)
    expect(found()).toEqual(['is empty'])
  })

  it('an endpoint that no list imports, and one that its own file forgets', () => {
    const written = (path: string, text: string) => ({ path: `server/src/${path}`, text })
    const top = written('compose.ts', "import { list } from '#scim/endpoints.ts'\n")
    const list = written('scim/endpoints.ts', "import { a } from '#scim/a.ts'\nexport const list = [a]\n")
    const a = written('scim/a.ts', 'export const a = endpoint({})\n')
    const b = written('scim/b.ts', 'export const b = endpoint({})\n')
    const forgets = written('scim/a.ts', 'export const a = [c]\nconst c = endpoint({})\nconst d = endpoint({})\n')
    expect(strayEndpoints([top, list, a])).toEqual([])
    expect(strayEndpoints([top, list, a, b]).map(({ path }) => path)).toEqual(['server/src/scim/b.ts'])
    expect(strayEndpoints([top, list, forgets]).map(({ what }) => what)).toEqual([
      'd is neither exported nor in a list',
    ])
  })
})
