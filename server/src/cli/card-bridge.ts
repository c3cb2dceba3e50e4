/**
 * `countersign card-bridge`: the card reader of this machine for pages in its browser (docs/use/card-bridge.md). With --simulate the cards
 * are those of a file. Without it a PC/SC reader is asked by `opensc-tool`, where OpenSC is installed. Ends with the terminal.
 */
import { once } from 'node:events'
import { BRIDGE_PORT } from '@countersign/protocol/card/bridge.ts'
import { cardBridge } from '#cli/card-bridge-server.ts'
import { Pairing } from '#cli/card-pairing.ts'
import type { CardReader } from '#cli/card-reader.ts'
import type { Arguments, FreeCommand } from '#cli/command.ts'
import { openscTool, pcscReader } from '#cli/pcsc-reader.ts'
import { simulatedReader } from '#cli/simulated-reader.ts'
import { Refusal } from '#domain/refusal.ts'

const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }

export const cardBridgeCommand: FreeCommand = {
  runs: 'anywhere',
  words: 'card-bridge',
  summary: 'Hands the card reader of this machine to the sign-in page in its browser.',
  flags: [
    { name: 'port', value: 'N', sentence: `Where it listens on 127.0.0.1; ${BRIDGE_PORT} is where pages look.` },
    {
      name: 'origin',
      value: 'ORIGIN',
      sentence: 'Of a page that may ask: https://id.example.org. Missing means the server of these settings.',
      repeats: true,
    },
    { name: 'simulate', value: 'FILE', sentence: 'Cards in a JSON file, in the place of a reader.' },
    { name: 'type', value: 'MAKE', sentence: 'What cards on a PC/SC reader are called: Seos.' },
  ],

  async run(given, { settings, print }) {
    const origins = originsIn(given, settings.publicOrigin ?? `http://localhost:${settings.port}`)
    const reader = await readerOf(given)
    const pairing = new Pairing(random, code =>
      print(`Code for a page that asks: ${code.slice(0, 4)} ${code.slice(4)}`),
    )
    const server = cardBridge({ reader, pairing, origins, tell: print })
    const port = portIn(given)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening').catch(() => {
      throw new Refusal('invalid_value', `Port ${port} is taken. Is another card bridge running?`)
    })
    print(
      `Reader: ${reader.name}. Pages of ${origins.join(', ')} may ask on http://127.0.0.1:${port}. End with Ctrl-C.`,
    )
    await once(server, 'close')
    return { lines: [], data: {} }
  },
}

async function readerOf({ flags }: Arguments): Promise<CardReader> {
  const { simulate, type } = flags
  if (typeof simulate === 'string') {
    const reader = simulatedReader(simulate)
    await reader.card().catch(error => {
      throw error instanceof Refusal ? error : new Refusal('invalid_value', `${simulate} cannot be read.`)
    })
    return reader
  }
  if ((await openscTool(['--version'])) === undefined && (await openscTool(['--info'])) === undefined) {
    throw new Refusal(
      'invalid_value',
      'There is no opensc-tool here (package opensc). Install it, or use --simulate FILE.',
    )
  }
  if (typeof type !== 'string')
    throw new Refusal('invalid_value', 'Say what the cards are with --type, as in --type Seos.')
  return pcscReader(type)
}

function originsIn({ flags }: Arguments, own: string): readonly string[] {
  const given = typeof flags.origin === 'string' ? flags.origin.split('\n') : [own]
  return given.map(text => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url || !/^https?:$/.test(url.protocol) || url.origin !== text) {
      throw new Refusal('invalid_value', `${text.slice(0, 100)} is no origin, as in https://id.example.org.`)
    }
    return url.origin
  })
}

function portIn({ flags }: Arguments): number {
  const port = flags.port === undefined ? BRIDGE_PORT : Number(flags.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Refusal('invalid_value', '--port is 1 to 65535.')
  return port
}
