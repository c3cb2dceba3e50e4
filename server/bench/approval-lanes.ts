/**
 * Whole approvals as lanes: one operation is the cycle from the client's request to its tokens, ours with four requests of which the
 * phone signs two and an approval, the peer's with three and no phone.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PhonesFile } from './approval-cycle.ts'
import type { Lane, Ours } from './lanes.ts'
import { TENANT } from './our-server.ts'
import { fileOf, type PhoneAlgorithm, phoneAlgorithms } from './seed-phones.ts'
import type { ServerProcess } from './server-process.ts'

const tokens: Readonly<Record<PhoneAlgorithm, 'RS256' | 'ES256'>> = { RS512: 'RS256', ES256: 'ES256' }
const laneOf = (algorithm: PhoneAlgorithm) => `approval_${tokens[algorithm].toLowerCase()}`
export const approvalLaneNames: readonly string[] = phoneAlgorithms.map(laneOf)

const PEER_USERS = 3000

/** `home` is where the server's phones were written. */
export function approvalLanes({ engine, server, database }: Ours, home: string): readonly Lane[] {
  return phoneAlgorithms.map(algorithm => {
    const name = `${engine}.${laneOf(algorithm)}`
    const file = join(home, fileOf(algorithm))
    let bearers: readonly string[] | undefined
    return {
      name,
      what: `approval: phone signs ${algorithm}, id_token ${tokens[algorithm]}`,
      server,
      database,
      series: name,
      once: true,
      async plan(first) {
        bearers ??= await bearersOf(file, server)
        return { kind: 'approval', file, first, bearers, root: await rootOf(server) }
      },
    }
  })
}

async function bearersOf(file: string, server: Ours['server']): Promise<readonly string[]> {
  const { clients } = JSON.parse(readFileSync(file, 'utf8')) as PhonesFile
  return Promise.all(clients.map(({ clientId, secret }) => server.bearerOf(clientId, secret)))
}

/** The thumbprint that phones pin; it stands in the statements' header. */
async function rootOf({ port }: ServerProcess): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/${TENANT}/approve/v1/service`, {
    headers: { connection: 'close' },
  })
  const { statements } = (await answer.json()) as { statements: readonly string[] }
  const [head = ''] = statements[0]?.split('.') ?? []
  return (JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }).kid
}

export function peerApprovalLanes(peer: string, what: string, server: ServerProcess, secret: string): readonly Lane[] {
  return phoneAlgorithms.map(algorithm => {
    const name = `${peer}.${laneOf(algorithm)}`
    const credentials = Buffer.from(`bench-${tokens[algorithm]}:${secret}`).toString('base64')
    return {
      name,
      what: `${what}: CIBA with poll, id_token ${tokens[algorithm]}`,
      server,
      database: undefined,
      series: name,
      once: true,
      plan: async first => ({
        kind: 'peer approval',
        authorization: `Basic ${credentials}`,
        users: PEER_USERS,
        first,
      }),
    }
  })
}
