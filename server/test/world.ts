/**
 * A whole server for a test: its own home, its own database, a free port, the demo world, and a clock that the test moves.
 * In this process, over a real socket; what a client would do is done by fetch.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { ocra } from '@countersign/protocol/oath/ocra.ts'
import { parseSuite } from '@countersign/protocol/oath/suite.ts'
import { buildDemoWorld, type DemoFile, tokenFile } from '#cli/demo-world.ts'
import { Inbox } from '#cli/inbox.ts'
import { inboxDoor } from '#cli/inbox-page.ts'
import type { Office } from '#cli/office.ts'
import { compose } from '#compose.ts'
import type { InboxDoorway } from '#domain/parcel.ts'
import { type Ground, openGround } from '#ground.ts'
import { readSettings } from '#settings/read.ts'
import { freshDatabase } from './fresh-store.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are examined by the tests themselves
  readonly body: any
  readonly text: string
}

export interface World {
  readonly base: string
  readonly demo: DemoFile
  readonly ground: Ground
  readonly office: Office
  readonly home: string
  readonly environment: Record<string, string>
  /** Lines that were logged. */
  readonly logged: string[]
  /** Moves the server's clock forward. */
  pass(seconds: number): void
  now_seconds(): number
  /** Ends for good what works beside the calls: the jobs and, unless they are wanted, the deliveries. */
  quiet(delivering?: boolean): Promise<void>
  close(): Promise<void>
}

export type EngineName = 'SQLite' | 'PostgreSQL'

export const engineNames: readonly EngineName[] = process.env.COUNTERSIGN_TEST_POSTGRES
  ? ['SQLite', 'PostgreSQL']
  : ['SQLite']

/** `inbox` gets the messages to people, as in the demo. */
export async function startWorld(
  engine: EngineName = 'SQLite',
  more: Record<string, string> = {},
  inbox?: InboxDoorway,
): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-world-'))
  const database = engine === 'PostgreSQL' ? await freshDatabase() : undefined
  const environment: Record<string, string> = {
    COUNTERSIGN_HOME: home,
    PORT: '0',
    ...(database ? { COUNTERSIGN_DATABASE: database.url } : {}),
    ...more,
  }
  const { settings, problems } = readSettings(environment)
  if (!settings) throw new Error(problems.map(({ action }) => action).join(' '))
  const logged: string[] = []
  const line = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields, errorText)}`)
  const log = { info: line, warn: line, error: line }
  let passed_ms = 0
  const machine = () => Date.now() + passed_ms
  const ground = await openGround(settings, log, machine)
  const pages = inbox instanceof Inbox ? [inboxDoor(inbox)] : []
  const { office, carrier, settle } = await compose(settings, ground, log, pages, undefined, inbox)
  const made = await buildDemoWorld(office, settings)
  const port = await carrier.listen(0, '127.0.0.1')
  const { content } = made.settled(port)
  const base = `http://127.0.0.1:${port}`
  return {
    base,
    demo: content,
    ground,
    office,
    home,
    environment,
    logged,
    pass: seconds => {
      passed_ms += seconds * 1000
    },
    now_seconds: () => Math.floor(machine() / 1000),
    quiet: quieten(ground, settle),
    async close() {
      await carrier.close()
      await settle()
      await ground.close()
      await database?.remove()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export const quieten =
  (ground: Ground, settle: () => Promise<void>): World['quiet'] =>
  async delivering => {
    await ground.jobs.stop()
    await ground.sealer.sent()
    if (!delivering) await settle()
  }

const errorText = (_: string, value: unknown) => (value instanceof Error ? value.stack : value)

export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // A page, or nothing.
  }
  return { status: response.status, headers: response.headers, body, text }
}

export const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()

/** POST to the token endpoint. */
export function token(
  world: World,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return send(`${world.base}/${world.demo.tenant}/authn/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: form(fields),
  })
}

export const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

export async function clientToken(world: World): Promise<string> {
  const { client_id, client_secret } = world.demo.client
  const { body } = await token(
    world,
    { grant_type: 'client_credentials' },
    { authorization: basic(client_id, client_secret) },
  )
  return body.access_token as string
}

/** A call of the SCIM or configuration API with a bearer token. */
export function api(world: World, bearer: string, method: string, path: string, body?: unknown): Promise<Reply> {
  return send(`${world.base}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/scim+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

const scimPath = (world: World) => `/scim/${world.demo.tenant}/v2`
export const scim = (world: World, bearer: string, method: string, path: string, body?: unknown): Promise<Reply> =>
  api(world, bearer, method, scimPath(world) + path, body)

/** A user of the test's own. */
export async function makeUser(
  world: World,
  bearer: string,
  name = `user-${randomBytes(5).toString('hex')}@test.example`,
) {
  const { status, body, text } = await scim(world, bearer, 'POST', '/Users', { userName: name, externalId: name })
  if (status !== 201) throw new Error(`no user was made: ${status} ${text}`)
  return { id: body.id as string, name }
}

export async function givePassword(
  world: World,
  bearer: string,
  userId: string,
  policy = 'AT_STDPWD',
): Promise<string> {
  const password = `Pw-${randomBytes(9).toString('base64url')}-4q`
  const { status, text } = await scim(world, bearer, 'POST', '/Authenticator', {
    policy: { value: policy },
    owner: { value: userId },
    'urn:hid:scim:api:idp:2.0:Password': { username: userId, password },
  })
  if (status !== 201) throw new Error(`no password was given: ${status} ${text}`)
  return password
}

export interface HeldToken {
  readonly deviceId: string
  readonly externalId: string
  readonly type: string
  readonly seed: Buffer
}

/** A hardware token of this type, imported and given to the user; with a secret of its own unless it is one that was there before. */
export async function giveToken(
  world: World,
  bearer: string,
  userId: string,
  type = 'DT_POCK_OT',
  known?: Pick<HeldToken, 'externalId' | 'seed'>,
): Promise<HeldToken> {
  const seed = known?.seed ?? randomBytes(20)
  const serial = known?.externalId.replace(/-1$/, '') ?? `1${String(randomBytes(5).readUIntBE(0, 5)).padStart(13, '0')}`
  const tenant = await world.office.directory.find(world.demo.tenant)
  if (!tenant) throw new Error('no demo tenant')
  const content = tokenFile(tenant.configuration, type, { serial, slot: 1, seed: seed.toString('hex') })
  const request = { deviceType: type, fileName: 't.csv', content }
  const { job, devices } = await world.office.imports.run(tenant, request, { kind: 'operator' })
  if (job.status !== 'SUCCESS') throw new Error(`no token was imported: ${JSON.stringify(job)}`)
  const deviceId = String(devices[0])
  const given = await scim(world, bearer, 'PUT', `/Device/${deviceId}`, { owner: { value: userId } })
  if (given.status !== 200) throw new Error(`the token was not given: ${given.status} ${given.text}`)
  return { deviceId, externalId: `${serial}-1`, type, seed }
}

export async function giveAuthenticator(
  world: World,
  bearer: string,
  userId: string,
  policy = 'AT_OTP',
): Promise<void> {
  const { status, text } = await scim(world, bearer, 'POST', '/Authenticator', {
    policy: { value: policy },
    owner: { value: userId },
  })
  if (status !== 201) throw new Error(`no authenticator was given: ${status} ${text}`)
}

const hashNames = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const
export const hmac = (algorithm: keyof typeof hashNames, key: Uint8Array, data: Uint8Array): Uint8Array =>
  createHmac(hashNames[algorithm], key).update(data).digest()

export const totpAt = (seed: Uint8Array, at_seconds: number) => hotp(hmac, seed, Math.floor(at_seconds / 30), 6)
export const hotpOf = (seed: Uint8Array, counter: number) => hotp(hmac, seed, counter, 6)
export const response = (seed: Uint8Array, question: string, suite = 'OCRA-1:HOTP-SHA1-8:QN08') => {
  const parsed = parseSuite(suite)
  if (!parsed) throw new Error('unreadable suite')
  return ocra(hmac, parsed, seed, { question })
}

export const otherCode = (code: string) => String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0')

/** Validates a code for a user by the client's token. */
export function otp(
  world: World,
  bearer: string,
  username: string,
  password: string,
  more: Record<string, string> = {},
): Promise<Reply> {
  return token(
    world,
    { grant_type: 'password', username, password, authType: 'AT_OTP', ...more },
    { authorization: `Bearer ${bearer}` },
  )
}
