/**
 * Countersign as it is installed: `node server/bin/countersign.js demo` on a home of its own, on SQLite or PostgreSQL.
 * Names and secrets come from its demo.json, a token for the calls that need one from its token endpoint.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ServerProcess, startServer } from './server-process.ts'

export interface Place {
  readonly home: string
  /** As COUNTERSIGN_DATABASE takes it. */
  readonly database: string
}

export interface OurServer extends ServerProcess {
  /** The value of a Basic header of the demo's client. */
  readonly basic: string
  /** A new token of the client, as the value of a Bearer header. */
  bearer(): Promise<string>
  /** The same for any client. */
  bearerOf(clientId: string, secret: string): Promise<string>
}

const PROGRAM = fileURLToPath(new URL('../../bin/countersign.js', import.meta.url))

export const TENANT = 'demo'
export const TOKEN_PATH = `/${TENANT}/authn/token`

export const environmentOf = ({ home, database }: Place): Record<string, string> => ({
  COUNTERSIGN_HOME: home,
  COUNTERSIGN_DATABASE: database,
  COUNTERSIGN_HOST: '127.0.0.1',
  COUNTERSIGN_APPROVE_PORT: '0',
})

export async function startOurServer(place: Place, nodeWords: readonly string[] = []): Promise<OurServer> {
  const words = [...nodeWords, PROGRAM, 'demo']
  const server = await startServer({ words, environment: environmentOf(place), readyPath: '/readyz' })
  const { client } = await demoOf(join(place.home, 'demo.json'))
  const basic = basicOf(client.client_id, client.client_secret)
  return {
    ...server,
    basic,
    bearer: () => bearerOf(server.port, basic),
    bearerOf: (clientId, secret) => bearerOf(server.port, basicOf(clientId, secret)),
  }
}

/** The server writes it once it knows its port, a moment after it answers. */
async function demoOf(file: string): Promise<{ client: { client_id: string; client_secret: string } }> {
  for (let tries = 1; !existsSync(file) && tries <= 200; tries++) await pause(25)
  return JSON.parse(readFileSync(file, 'utf8'))
}

export const basicOf = (clientId: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`

async function bearerOf(port: number, basic: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${TOKEN_PATH}`, {
    method: 'POST',
    headers: { authorization: basic, connection: 'close' },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const body = (await answer.json()) as { access_token?: string }
  if (body.access_token === undefined) throw new Error(`the client got no token: ${JSON.stringify(body)}`)
  return `Bearer ${body.access_token}`
}
