/**
 * Cards for the pages of the portal: by the card bridge of this machine (`countersign card-bridge`, docs/use/card-bridge.md), or by Web NFC.
 *
 *   const bridge = openCardBridge({ fetch, keep: sessionStorage })
 *   await bridge.state()                       'absent' (no bridge, or it does not know this origin) · 'unpaired' · 'paired'
 *   await bridge.pair('12345678')              true, or false: a wrong code (it is shown in the bridge's terminal)
 *   await bridge.card(signal)                  { csn, type }, or undefined: none came, or the signal ended it
 *   await bridge.answer({ csn, application, use, challenge })   { origin, answer, publicKey? }, or undefined: the card is gone
 *   hasWebNfc(window) · await nfcCard(window, signal)           { csn, type: 'NFC' }: a serial number only; for the server `type` is one of the
 *                                                              application's `types` (`cards` of the factor or enrolment in `flow`)
 *
 * What goes to the server: `password` of POST code as JSON text `{csn, type, application, ...answer}`, or `credential` of POST enroll/card.
 * Nothing here throws for a bridge that is not there.
 */
import {
  type AnswerWanted,
  BRIDGE_PATHS,
  BRIDGE_PORT,
  BRIDGE_VERSION,
  type BridgeStatus,
  type CardAnswer,
  type CardOnReader,
} from '@countersign/protocol/card/bridge.ts'
import { csnOf } from '@countersign/protocol/card/csn.ts'

export interface CardBridge {
  state(): Promise<'absent' | 'unpaired' | 'paired'>
  pair(code: string): Promise<boolean>
  card(signal?: AbortSignal): Promise<CardOnReader | undefined>
  answer(wanted: AnswerWanted): Promise<CardAnswer | undefined>
}

/** `keep` holds the token while the tab is open. */
export interface BridgeParts {
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>
  readonly keep: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly port?: number
}

const TOKEN = 'countersign card bridge'

export function openCardBridge({ fetch, keep, port = BRIDGE_PORT }: BridgeParts): CardBridge {
  async function call(path: string, body?: object, signal?: AbortSignal): Promise<Response | undefined> {
    const token = keep.getItem(TOKEN)
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
      })
      // The bridge was started again: its tokens are gone.
      if (response.status === 401 && path !== BRIDGE_PATHS.pair) keep.removeItem(TOKEN)
      return response
    } catch {
      return undefined
    }
  }
  async function told<T>(response: Response | undefined): Promise<T | undefined> {
    if (response?.status !== 200) return undefined
    return (await response.json().catch(() => undefined)) as T | undefined
  }

  return {
    async state() {
      const status = await told<BridgeStatus>(await call(BRIDGE_PATHS.status))
      if (status?.bridge !== 'countersign' || status.version !== BRIDGE_VERSION) return 'absent'
      return status.paired ? 'paired' : 'unpaired'
    },

    async pair(code) {
      const answer = await told<{ readonly token?: unknown }>(await call(BRIDGE_PATHS.pair, { code: code.trim() }))
      if (typeof answer?.token !== 'string') return false
      keep.setItem(TOKEN, answer.token)
      return true
    },

    async card(signal) {
      while (signal?.aborted !== true) {
        const response = await call(BRIDGE_PATHS.card, {}, signal)
        // Nothing was held up in the time that one call waits.
        if (response?.status === 204) continue
        return told<CardOnReader>(response)
      }
      return undefined
    },

    async answer(wanted) {
      return told<CardAnswer>(await call(BRIDGE_PATHS.answer, wanted))
    },
  }
}

interface Reading extends Event {
  readonly serialNumber?: string
}
interface Reader extends EventTarget {
  scan(options?: { signal?: AbortSignal }): Promise<void>
}
interface Nfc {
  readonly NDEFReader?: new () => Reader
}

/** Web NFC: Chromium on Android. It tells a serial number, so it serves applications without proof only. */
export const hasWebNfc = (window: object): boolean => typeof (window as Nfc).NDEFReader === 'function'

export async function nfcCard(window: object, signal: AbortSignal): Promise<CardOnReader | undefined> {
  const { NDEFReader } = window as Nfc
  if (NDEFReader === undefined) return undefined
  const reader = new NDEFReader()
  try {
    await reader.scan({ signal })
  } catch {
    // Not allowed, switched off, or ended.
    return undefined
  }
  return new Promise(found => {
    signal.addEventListener('abort', () => found(undefined), { once: true })
    reader.addEventListener('reading', event => {
      const csn = csnOf((event as Reading).serialNumber ?? '')
      if (csn !== undefined) found({ csn, type: 'NFC' })
    })
  })
}
