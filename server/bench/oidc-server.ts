/**
 * The peer: `oidc-provider` 9 with one client that may do client_credentials by Basic and gets opaque tokens. The first
 * word is the adapter: `memory` for its own (an LRU of 1,000 entries), or the path of a SQLite file.
 */
import Provider from 'oidc-provider'
import { sqliteAdapter } from './oidc-adapter.ts'

const [storage = 'memory'] = process.argv.slice(2)
const provider = new Provider(`http://127.0.0.1:${process.env.PORT}`, {
  clients: [
    {
      client_id: 'bench',
      client_secret: process.env.BENCH_SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  ],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  ...(storage === 'memory' ? {} : { adapter: sqliteAdapter(storage) }),
})
provider.listen(Number(process.env.PORT), '127.0.0.1')

process.once('SIGTERM', () => process.exit(0))
