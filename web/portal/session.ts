/**
 * One sign-in in the page: what a press leads to. The server decides every step; after each that went well the flow is asked again
 * and says what is next.
 */
import { readFlow } from '@countersign/protocol/portal/flow.ts'
import { factorAt, firstPlace, type Place } from '@countersign/protocol/portal/place.ts'
import type { Form, Sharing } from '@countersign/protocol/portal/screen.ts'
import type { Wording } from '@countersign/protocol/portal/wording.ts'
import { answered, finish, numberIn } from './answers.ts'
import type { Boot } from './boot.ts'
import type { Calls, Reply } from './calls.ts'
import { hasWebNfc } from './card-bridge.ts'
import { enrolCard, type Reader, useCard } from './card-steps.ts'
import { enrolPasskey, protect, provePasskey, usePasskey } from './key-steps.ts'
import type { Passkeys } from './passkeys.ts'
import { type Fields, Stage } from './stage.ts'

/** What asks for keys beside the server. */
export interface Keys extends Reader {
  readonly passkeys: Passkeys
}

export class Session extends Stage {
  readonly keys: Keys
  #reading = new AbortController()
  #step: Promise<void> = Promise.resolve()

  constructor(boot: Boot, calls: Calls, wording: Wording, flow: Reply, leave: (address: string) => void, keys: Keys) {
    super(boot, calls, wording, flow, leave, { passkeys: keys.passkeys.there, nfc: hasWebNfc(keys.window) })
    this.keys = keys
  }

  /** Goes on where that cannot wait for a press: the consent is fetched, the application takes over. */
  async settle(): Promise<void> {
    const { place, now } = this.state.get()
    if (place.at === 'end') this.leave()
    if (place.at !== 'consent' || now.sharings !== undefined) return
    const reply = await this.calls.consents()
    if (reply.status === 200) this.show(place, { sharings: readSharings(reply.body) })
    else this.refuse(reply, place)
  }

  async submit(form: Form, fields: Fields): Promise<void> {
    if (this.state.get().busy) return
    const typed = fields.username || undefined
    this.state.change(old => {
      const username = old.now.named ? old.now.username : (typed ?? old.now.username)
      return { ...old, now: { ...old.now, notice: undefined, username } }
    })
    await this.#busy(() => this.#send(form, fields))
  }

  async #busy(step: () => Promise<void>): Promise<void> {
    this.state.change(old => ({ ...old, busy: true }))
    this.#step = step().finally(() => this.state.change(old => ({ ...old, busy: false })))
    await this.#step
    await this.settle()
  }

  /** The browser may ask for a key that is not at hand: whoever goes another way gives that up. */
  override go(place: Place, typed?: string): void {
    const asking = this.state.get().busy && this.keys.passkeys.end()
    if (asking) void this.#step.then(() => super.go(place, typed))
    else super.go(place, typed)
  }

  async #send(form: Form, fields: Fields): Promise<void> {
    const { action, place } = form
    const { passkeys } = this.keys
    switch (action) {
      case 'portal': {
        const reply = await this.calls.flow(fields.username)
        const flow = readFlow(reply.body)
        if (reply.status === 200) this.show(firstPlace(flow, fields.username), {}, flow)
        else this.refuse(reply, place)
        break
      }
      case 'consent': {
        const reply = await this.calls.sign(fields.sharings ?? '[]')
        // Agreed or not, the application hears of it there.
        if (reply.status === 200 || reply.body.error === 'access_denied') finish(this)
        else this.refuse(reply, place)
        break
      }
      case 'enroll/code':
        return protect(this, form, fields)
      case 'use passkey':
        return usePasskey(this, passkeys, form, fields)
      case 'enrol passkey':
        return enrolPasskey(this, passkeys, form, fields)
      case 'use card':
      case 'enrol card':
        return this.#read(action === 'use card' ? useCard : enrolCard, form, fields)
      default:
        await answered(this, place, await this.calls.code(fields), fields)
    }
  }

  async #read(step: typeof useCard, form: Form, fields: Fields): Promise<void> {
    this.#reading = new AbortController()
    await step(this, this.keys, form, fields, this.#reading.signal)
    // Nothing came of it that changed the screen: the form stands again.
    const { now } = this.state.get()
    if (now.reader === 'waiting') this.state.change(old => ({ ...old, now: { ...old.now, reader: undefined } }))
  }

  stopReading(): void {
    this.#reading.abort()
  }

  /** A passkey that the person chose in the place of a user name. */
  async bring(place: Place, named: Fields, assertion: object): Promise<void> {
    if (!this.state.get().busy) await this.#busy(() => provePasskey(this, place, named, assertion))
  }

  async cancel(): Promise<void> {
    await this.calls.code({ grant_type: 'cancel' })
    this.leave()
  }

  /** Whether the phone has answered meanwhile. */
  async poll(): Promise<void> {
    const { place, asked } = this.state.get()
    if (place.at !== 'wait') return
    const reply = await this.calls.code(asked)
    if (this.state.get().place !== place) return
    if (reply.status !== 0 && reply.body.error !== 'authorization_pending') {
      await answered(this, { at: 'prove', factor: place.factor }, reply, asked)
      await this.settle()
      return
    }
    const number = numberIn(reply)
    const { now } = this.state.get()
    if (number !== undefined && number !== now.number) this.state.change(old => ({ ...old, now: { ...now, number } }))
  }

  /** How often the server is asked about the phone, and how long. */
  pace(): { readonly interval_ms: number; readonly timeout_ms: number } {
    const { flow, place } = this.state.get()
    const factor = 'factor' in place ? factorAt(flow, place.factor) : undefined
    return {
      interval_ms: (factor?.pollInterval_seconds ?? 2) * 1000,
      timeout_ms: (factor?.pollTimeout_seconds ?? 60) * 1000,
    }
  }

  leaveWait(): void {
    const { place } = this.state.get()
    if (place.at === 'wait') this.go({ at: 'prove', factor: place.factor })
  }

  /** The phone took too long. */
  giveUp(): void {
    const { place } = this.state.get()
    if (place.at !== 'wait') return
    this.show({ at: 'prove', factor: place.factor }, { notice: this.said('error', 'PUSH.timeout') })
  }
}

function readSharings({ consents }: Reply['body']): readonly Sharing[] {
  const [consent] = Array.isArray(consents) ? consents : []
  const sharings: unknown[] = consent && Array.isArray(consent.sharings) ? consent.sharings : []
  return sharings.map(one => {
    const { scope, description } = one as Readonly<Record<string, unknown>>
    return { scope: String(scope), description: String(description ?? scope) }
  })
}
