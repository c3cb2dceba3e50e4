/**
 * A PC/SC reader by `opensc-tool` (OpenSC), where that is installed: this server brings no native code along. The serial number comes by
 * GET DATA of the reader (PC/SC part 3 section 3.2.2.1.3), the answer by INTERNAL AUTHENTICATE (ISO/IEC 7816-4) of the card application
 * that docs/card-protocol.md describes. The make of a card cannot be read, so it is what `--type` says.
 */
import { execFile } from 'node:child_process'
import { csnOf } from '@countersign/protocol/card/csn.ts'
import { cardMessage } from '@countersign/protocol/card/message.ts'
import type { CardReader } from '#cli/card-reader.ts'
import { cardCryptography } from '#keys/card-cryptography.ts'

const UID = 'FFCA000000'
/** F0 and `COUNTERSIGN`. */
const SELECT = '00A404000CF0434F554E5445525349474E00'
const PUBLIC_KEY = '00CA7F4900'
const TIMEOUT_MS = 5000
const ANSWERS = [16, 64]

/** `run` hands the words to `opensc-tool` and gives what it printed; undefined when it failed. */
export type RunTool = (words: readonly string[]) => Promise<string | undefined>

export const openscTool: RunTool = words =>
  new Promise(done => {
    execFile('opensc-tool', [...words], { timeout: TIMEOUT_MS, maxBuffer: 65_536 }, (error, printed) =>
      done(error ? undefined : printed),
    )
  })

export function pcscReader(type: string, run: RunTool = openscTool): CardReader {
  const sent = async (...commands: readonly string[]) =>
    responsesIn((await run(commands.flatMap(one => ['--send-apdu', one]))) ?? '')
  return {
    name: 'PC/SC',

    async card() {
      const [uid] = await sent(UID)
      const csn = uid && csnOf(uid.toString('hex'))
      return csn ? { csn, type } : undefined
    },

    async answer(situation) {
      const digest = Buffer.from(cardCryptography.sha256(cardMessage(situation)))
        .toString('hex')
        .toUpperCase()
      const use = situation.use === 'enrol' ? [PUBLIC_KEY] : []
      const [uid, selected, answer, publicKey] = await sent(UID, SELECT, `0088000020${digest}00`, ...use)
      if (!uid || csnOf(uid.toString('hex')) !== situation.csn || !selected) return undefined
      if (!answer || !ANSWERS.includes(answer.length)) return undefined
      return {
        answer: new Uint8Array(answer),
        ...(publicKey && publicKey.length > 0 ? { publicKey: new Uint8Array(publicKey) } : {}),
      }
    },
  }
}

/** `Received (SW1=0x90, SW2=0x00):` and lines of bytes in hexadecimal, then the same bytes as text. Undefined for a status other than 9000. */
export function responsesIn(printed: string): readonly (Buffer | undefined)[] {
  return printed
    .split(/^Received /m)
    .slice(1)
    .map(part => {
      const [head = '', ...lines] = part.split('\n')
      if (!/SW1=0x90, SW2=0x00/.test(head)) return undefined
      const bytes: string[] = []
      for (const line of lines) {
        const hex = /^((?:[0-9A-F]{2} ){0,15}[0-9A-F]{2})(?: |$)/.exec(line)?.[1]
        if (hex === undefined) break
        bytes.push(hex.replaceAll(' ', ''))
      }
      return Buffer.from(bytes.join(''), 'hex')
    })
}
