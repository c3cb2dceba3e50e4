/** Sign-ins by a passkey as a lane; one operation is the five requests from PAR to the tokens. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lane, Ours } from './lanes.ts'
import { basicOf, TENANT } from './our-server.ts'
import { PASSKEY_FILE, type PasskeyFile } from './seed-passkeys.ts'

export const passkeyLaneNames: readonly string[] = ['sign_in_passkey']

/** `home` is where the client and the key were written. */
export function passkeyLanes({ engine, server, database, holders }: Ours, home: string): readonly Lane[] {
  return [
    {
      ...{ server, database },
      name: `${engine}.sign_in_passkey`,
      what: 'PAR, challenge, assertion ES256, redirect, tokens; id_token ES256',
      series: `${engine} passkeys`,
      once: true,
      async plan(first) {
        const file = JSON.parse(readFileSync(join(home, PASSKEY_FILE), 'utf8')) as PasskeyFile
        const { clientId: client, secret, privateKey } = file
        const [basic, bearer] = [basicOf(client, secret), await server.bearerOf(client, secret)]
        const origin = `http://localhost:${server.port}`
        return { kind: 'passkey', tenant: TENANT, client, basic, bearer, origin, privateKey, users: holders, first }
      },
    },
  ]
}
