/** `countersign serve`: the server for production. No demo tenant; unsafe settings are refused with what to change. */
import type { ServerCommand } from '#cli/command.ts'

export const serve: ServerCommand = {
  runs: 'as the server',
  mode: 'serve',
  words: 'serve',
  flags: [
    {
      name: 'accept-lossy-failover',
      sentence: 'Serves on a PostgreSQL without a synchronous standby: a failover may lose the last commits.',
    },
  ],
  summary: 'Starts the server; refuses unsafe settings and says what to change.',
}
