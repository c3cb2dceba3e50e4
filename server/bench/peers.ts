/** The servers beside ours: bare `node:http`, and `oidc-provider` on its memory and on a durable SQLite file. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { echoLane, type Lane, peerLane } from './lanes.ts'
import { startServer } from './server-process.ts'

const program = (name: string): string => fileURLToPath(new URL(`${name}.js`, import.meta.url))

export async function startPeers(folder: string, wants: (name: string) => boolean): Promise<readonly Lane[]> {
  const lanes: Lane[] = []
  if (wants('echo')) {
    lanes.push(echoLane(await startServer({ words: [program('echo-server')], readyPath: '/' })))
  }
  for (const [name, what, storage] of [
    ['oidc.memory', 'oidc-provider, in memory: client_credentials by Basic', 'memory'],
    ['oidc.full', 'oidc-provider, SQLite FULL: client_credentials by Basic', join(folder, 'oidc.db')],
  ] as const) {
    if (!wants(name)) continue
    const secret = randomBytes(32).toString('hex')
    const server = await startServer({
      words: [program('oidc-server'), storage],
      environment: { BENCH_SECRET: secret },
      readyPath: '/.well-known/openid-configuration',
    })
    lanes.push(peerLane(name, what, server, secret))
  }
  return lanes
}
