/** PAR alone and whole sign-ins as lanes; one operation is one request, or the five from PAR to the tokens. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lane, Ours } from './lanes.ts'
import { basicOf, TENANT } from './our-server.ts'
import { POLICY, SIGN_IN_FILE, type SignInFile, signInAlgorithms } from './seed-sign-in.ts'
import type { ServerProcess } from './server-process.ts'
import { pushedBody } from './sign-in-cycle.ts'
import { form } from './written-request.ts'

const laneOf = (algorithm: string) => `sign_in_${algorithm.toLowerCase()}`
export const signInLaneNames: readonly string[] = ['par', ...signInAlgorithms.map(laneOf)]

/** `home` is where the server's clients were written. */
export function signInLanes({ engine, server, database, holders }: Ours, home: string): readonly Lane[] {
  const clientOf = (algorithm: keyof SignInFile) =>
    (JSON.parse(readFileSync(join(home, SIGN_IN_FILE), 'utf8')) as SignInFile)[algorithm]
  const shared = { server, database }
  return [
    {
      ...shared,
      name: `${engine}.par`,
      what: 'PAR by bearer',
      series: `${engine}.par`,
      once: false,
      async plan() {
        const { clientId, secret } = clientOf('RS256')
        const bearer = await server.bearerOf(clientId, secret)
        const body = pushedBody(clientId)
        return { kind: 'same', request: form(`/${TENANT}/authn/par`, bearer, body) }
      },
    },
    ...signInAlgorithms.map(
      (algorithm): Lane => ({
        ...shared,
        name: `${engine}.${laneOf(algorithm)}`,
        what: `PAR, flow, one-time code, redirect, tokens; id_token ${algorithm}`,
        series: `${engine} codes`,
        once: true,
        async plan(first) {
          const { clientId: client, secret } = clientOf(algorithm)
          const [basic, bearer] = [basicOf(client, secret), await server.bearerOf(client, secret)]
          const who = { tenant: TENANT, client, basic, bearer, policy: POLICY }
          return { kind: 'sign-in', ...who, users: holders, first }
        },
      }),
    ),
  ]
}

const PEER_USERS = 3000

export function peerSignInLanes(peer: string, what: string, server: ServerProcess, secret: string): readonly Lane[] {
  const shared = { server, database: undefined }
  return [
    {
      ...shared,
      name: `${peer}.par`,
      what: `${what}: PAR by Basic`,
      series: `${peer}.par`,
      once: false,
      plan: async () => ({
        kind: 'same',
        request: form('/request', basicOf('login-RS256', secret), pushedBody('login-RS256')),
      }),
    },
    ...signInAlgorithms.map(
      (algorithm): Lane => ({
        ...shared,
        name: `${peer}.${laneOf(algorithm)}`,
        what: `${what}: PAR, interaction, redirect, tokens; id_token ${algorithm}`,
        series: `${peer}.${laneOf(algorithm)}`,
        once: true,
        async plan(first) {
          const client = `login-${algorithm}`
          return { kind: 'peer sign-in', client, authorization: basicOf(client, secret), users: PEER_USERS, first }
        },
      }),
    ),
  ]
}
