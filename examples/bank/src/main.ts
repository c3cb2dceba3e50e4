/**
 * Starts the bank: `node examples/bank/dist/main.js .countersign/demo.json`, or with BANK_… variables. Started by the demo it tells
 * its address by the channel between them, and ends when that is closed, so that it is never left behind.
 */
import { openBank } from './bank.ts'
import { readConfiguration } from './configuration.ts'
import { openScim } from './scim.ts'
import { connection } from './server-connection.ts'
import { openSite } from './site.ts'

const configuration = readConfiguration(process.argv.slice(2), process.env)
const connect = connection(configuration)
const bank = openBank({ configuration, connect, scim: openScim(configuration, connect), now_ms: () => Date.now() })

try {
  const { origin } = await openSite(bank)
  console.log(`Kestrel Bank is open at ${origin}/`)
  process.send?.({ origin })
} catch (error) {
  const taken = (error as { code?: string }).code === 'EADDRINUSE'
  console.error(taken ? `The example bank found port ${configuration.port} taken.` : error)
  process.exit(1)
}
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => process.exit(0))
