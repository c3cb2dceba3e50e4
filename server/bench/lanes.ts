/**
 * What is measured, and on whom: each lane is one kind of request against one server. Lanes of one run take turns, so that
 * a machine that grows slower or faster meanwhile does it to all of them.
 */

import { type OurServer, TENANT, TOKEN_PATH } from './our-server.ts'
import type { RequestPlan } from './request-plan.ts'
import type { ServerProcess } from './server-process.ts'
import { form, type Parts } from './written-request.ts'

export interface Lane {
  readonly name: string
  /** For the table. */
  readonly what: string
  readonly server: ServerProcess
  readonly database: number | undefined
  /** A fresh plan for each round; `sent` counts what lanes of the same series have sent so far. */
  plan(sent: number): Promise<RequestPlan>
  /** Lanes of one series go on where the other stopped: one-time codes work once. */
  readonly series: string
  /** Whether requests run out: then a round has as many as were made before it. */
  readonly once: boolean
}

const CLIENT_CREDENTIALS = 'grant_type=client_credentials'

export const echoLane = (server: ServerProcess): Lane =>
  same(
    'echo',
    'node:http alone: form in, JSON out',
    server,
    form('/token', 'Basic YmVuY2g6YmVuY2g=', CLIENT_CREDENTIALS),
  )

export const peerLane = (name: string, what: string, server: ServerProcess, secret: string): Lane =>
  same(
    name,
    what,
    server,
    form('/token', `Basic ${Buffer.from(`bench:${secret}`).toString('base64')}`, CLIENT_CREDENTIALS),
  )

function same(name: string, what: string, server: ServerProcess, request: Parts): Lane {
  return {
    name,
    what,
    server,
    database: undefined,
    series: name,
    once: false,
    plan: async () => ({ kind: 'same', request }),
  }
}

export interface Ours {
  readonly engine: 'sqlite' | 'postgres'
  readonly server: OurServer
  readonly database: number | undefined
  readonly users: number
  readonly holders: number
}

/** client_credentials and one-time codes. */
export function tokenLanes({ engine, server, database, holders }: Ours): readonly Lane[] {
  const shared = { server, database }
  const otp = (name: string, what: string, more: string): Lane => ({
    ...shared,
    name: `${engine}.${name}`,
    what,
    series: `${engine} codes`,
    once: true,
    async plan(sent) {
      const request = form(TOKEN_PATH, await server.bearer(), `grant_type=password&authType=AT_OTP${more}`)
      return { kind: 'otp', request, users: holders, first: sent }
    },
  })
  return [
    {
      ...shared,
      name: `${engine}.client_credentials`,
      what: 'client_credentials by Basic',
      series: `${engine}.client_credentials`,
      once: false,
      plan: async () => ({ kind: 'same', request: form(TOKEN_PATH, server.basic, CLIENT_CREDENTIALS) }),
    },
    otp('otp', 'HOTP validation, session and token', ''),
    otp('otp_no_token', 'HOTP validation, noToken=1', '&noToken=1'),
  ]
}

export function searchLane({ engine, server, database, users }: Ours, size: 'small' | 'large'): Lane {
  const body = JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
    filter: 'externalId eq "NAME"',
    startIndex: 0,
    count: 10,
  })
  return {
    name: `${engine}.search_${size}`,
    what: `Users/.search by externalId among ${users.toLocaleString('en')}`,
    server,
    database,
    series: `${engine}.search_${size}`,
    once: false,
    async plan(sent) {
      const path = `/scim/${TENANT}/v2/Users/.search`
      const request = { path, authorization: await server.bearer(), type: 'application/scim+json', body }
      return { kind: 'search', request, users, first: sent }
    },
  }
}
