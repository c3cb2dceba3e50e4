/** `countersign demo` (npm start): a server with a tenant `demo`, clients, users and tokens to try it with. */
import type { ServerCommand } from '#cli/command.ts'

export const demo: ServerCommand = {
  runs: 'as the server',
  mode: 'demo',
  words: 'demo',
  summary: 'Starts a server on this machine with a demo world to try.',
}
