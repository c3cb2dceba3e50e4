/**
 * Steps that ask a card: by the card bridge of this computer, which has to be paired once, or by Web NFC. Where its application wants a
 * proof, the server's challenge goes to the card; it is asked for when the card is there, since it is good for two minutes.
 */
import type { CardOnReader } from '@countersign/protocol/card/bridge.ts'
import type { CardUse } from '@countersign/protocol/card/message.ts'
import type { Place } from '@countersign/protocol/portal/place.ts'
import type { Form } from '@countersign/protocol/portal/screen.ts'
import { answered } from './answers.ts'
import type { Reply } from './calls.ts'
import { type CardBridge, nfcCard } from './card-bridge.ts'
import { enrolled, refused } from './key-steps.ts'
import type { Fields, Stage } from './stage.ts'

export interface Reader {
  readonly bridge: CardBridge
  /** Has `NDEFReader`, or not. */
  readonly window: object
}

export async function useCard(
  stage: Stage,
  reader: Reader,
  form: Form,
  fields: Fields,
  signal: AbortSignal,
): Promise<void> {
  const { authType = '', username = '' } = fields
  const named = { authType, username }
  const shown = await showCard(stage, reader, form.place, fields, signal, () =>
    stage.calls.code({ ...named, grant_type: 'card_challenge' }),
  )
  if (shown === undefined) return
  const sent = { ...named, grant_type: 'password', password: JSON.stringify(shown) }
  await answered(stage, form.place, await stage.calls.code(sent), sent)
}

export async function enrolCard(
  stage: Stage,
  reader: Reader,
  { place }: Form,
  fields: Fields,
  signal: AbortSignal,
): Promise<void> {
  const { authType = '', enroll_id = '', username } = fields
  const meant = { authType, enroll_id, ...(username === undefined ? {} : { username }) }
  const shown = await showCard(stage, reader, place, fields, signal, () =>
    stage.calls.enrol('card', { ...meant, enroll_step: 'getchallenge' }),
  )
  if (shown === undefined) return
  const made = { ...meant, enroll_step: 'registercredential', credential: shown }
  await enrolled(stage, 'CARD', place, await stage.calls.enrol('card', made))
}

/** What the server gets of a card; undefined when there is none, which is shown already. */
async function showCard(
  stage: Stage,
  reader: Reader,
  place: Place,
  fields: Fields,
  signal: AbortSignal,
  ask: () => Promise<Reply>,
): Promise<object | undefined> {
  const nfc = fields.reader === 'nfc'
  if (!nfc && !(await connected(stage, reader.bridge, place, fields))) return undefined
  stage.show(place, { reader: 'waiting' })
  const card = await (nfc ? nfcCard(reader.window, signal) : reader.bridge.card(signal))
  if (card === undefined) {
    stage.show(place, { notice: stage.said('error', 'CARD.ended') })
    return undefined
  }
  const asked = await ask()
  if (asked.status !== 200) {
    await refused(stage, asked, place)
    return undefined
  }
  const shown = await proofOf(reader.bridge, card, asked)
  if (shown === undefined) stage.show(place, { notice: stage.said('error', nfc ? 'refused.other_card' : 'CARD.gone') })
  return shown
}

async function connected(stage: Stage, bridge: CardBridge, place: Place, fields: Fields): Promise<boolean> {
  const state = await bridge.state()
  if (state === 'paired') return true
  if (state === 'absent') {
    stage.show(place, { reader: 'absent', notice: stage.said('error', 'CARD.absent') })
    return false
  }
  const code = fields.pairing_code
  if (code !== undefined && (await bridge.pair(code))) return true
  const notice =
    code === undefined ? stage.said('info', 'CARD.pairing.needed') : stage.said('error', 'CARD.pairing.error')
  stage.show(place, { reader: 'unpaired', notice })
  return false
}

interface Application {
  readonly application: string
  readonly types: readonly string[]
  readonly proof: string
}

async function proofOf(bridge: CardBridge, card: CardOnReader, { body }: Reply): Promise<object | undefined> {
  const applications = (Array.isArray(body.applications) ? body.applications : []) as readonly Application[]
  const meant = applications.find(({ types }) => types.includes(card.type)) ?? applications[0]
  if (meant === undefined) return card
  const { application, proof } = meant
  if (proof === 'none') return { ...card, application }
  const { use, challenge } = body as { use: CardUse; challenge: string }
  const answer = card.type === 'NFC' ? undefined : await bridge.answer({ csn: card.csn, application, use, challenge })
  return answer && { ...card, application, ...answer }
}
