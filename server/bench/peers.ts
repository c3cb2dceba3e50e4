/** The servers beside ours: bare `node:http`, and `oidc-provider` on its memory and on a durable SQLite file. Its approvals and sign-ins are lanes of the same process. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { approvalLaneNames, peerApprovalLanes } from './approval-lanes.ts'
import { echoLane, type Lane, peerLane } from './lanes.ts'
import { startServer } from './server-process.ts'
import { peerSignInLanes, signInLaneNames } from './sign-in-lanes.ts'

const program = (name: string): string => fileURLToPath(new URL(`${name}.js`, import.meta.url))

export async function startPeers(folder: string, wants: (name: string) => boolean): Promise<readonly Lane[]> {
  const lanes: Lane[] = []
  if (wants('echo')) {
    lanes.push(echoLane(await startServer({ words: [program('echo-server')], readyPath: '/' })))
  }
  for (const [name, what, storage] of [
    ['oidc.memory', 'oidc-provider, in memory', 'memory'],
    ['oidc.full', 'oidc-provider, SQLite FULL', join(folder, 'oidc.db')],
  ] as const) {
    const names = [name, ...[...approvalLaneNames, ...signInLaneNames].map(lane => `${name}.${lane}`)]
    if (!names.some(wants)) continue
    const secret = randomBytes(32).toString('hex')
    const server = await startServer({
      words: [program('oidc-server'), storage],
      environment: { BENCH_SECRET: secret },
      readyPath: '/.well-known/openid-configuration',
    })
    lanes.push(peerLane(name, `${what}: client_credentials by Basic`, server, secret))
    lanes.push(...peerApprovalLanes(name, what, server, secret), ...peerSignInLanes(name, what, server, secret))
  }
  return lanes.filter(lane => wants(lane.name))
}
