/** What is shown: the place, what was said, what is remembered. Changed only by what is written here. */
import { type Factor, type Flow, readFlow } from '@countersign/protocol/portal/flow.ts'
import { noticeOf, type Told } from '@countersign/protocol/portal/notices.ts'
import { firstPlace, type Place, placeText, readPlace } from '@countersign/protocol/portal/place.ts'
import type { Notice, Situation } from '@countersign/protocol/portal/screen.ts'
import type { TextKey } from '@countersign/protocol/portal/texts-en.ts'
import type { Wording } from '@countersign/protocol/portal/wording.ts'
import { openStore, type Store } from '../ui/store.ts'
import type { Boot } from './boot.ts'
import type { Calls, Reply } from './calls.ts'

export type Fields = Readonly<Record<string, string>>

export interface State {
  readonly flow: Flow
  readonly place: Place
  readonly now: Situation
  readonly busy: boolean
  /** Rises with every answer: the screen is made anew, the focus set, what was typed is gone. */
  readonly turn: number
  /** What was sent to ask the phone, and is sent again to ask whether it answered. */
  readonly asked: Fields
  /** A password that was right and ends soon: said when all is done. */
  readonly expiry?: { readonly factor: Factor; readonly flow: Flow; readonly seconds: number } | undefined
}

const NO_FLOW = readFlow({ progress: { step: 'first' } })

export class Stage {
  readonly state: Store<State>
  readonly calls: Calls
  readonly wording: Wording
  readonly #leave: (address: string) => void
  readonly #boot: Boot

  constructor(
    boot: Boot,
    calls: Calls,
    wording: Wording,
    flow: Reply,
    leave: (address: string) => void,
    can: Situation['can'],
  ) {
    this.#boot = boot
    this.calls = calls
    this.wording = wording
    this.#leave = leave
    const username = boot.user ?? boot.typed
    const now: Situation = { client: boot.client, username, named: boot.user !== undefined, can }
    const read = flow.status === 200 ? readFlow(flow.body) : NO_FLOW
    const asked = readPlace(boot.at, read, username)
    // What a phone was asked is known to nobody here.
    const place = asked.at === 'wait' ? firstPlace(read, username) : asked
    this.state = openStore<State>({ flow: read, place, now, busy: false, turn: 0, asked: {} })
    if (flow.status !== 200) this.refuse(flow, place)
  }

  show(place: Place, change: Partial<Situation> = {}, flow = this.state.get().flow): void {
    this.state.change(old => ({
      ...old,
      flow,
      place,
      now: { ...old.now, notice: undefined, broken: undefined, kept: undefined, reader: undefined, ...change },
      turn: old.turn + 1,
    }))
  }

  /** `typed`: a user name that stands in the form that is left. */
  go(place: Place, typed?: string): void {
    // An answer is under way, and says where it goes on.
    if (this.state.get().busy) return
    if (place.at === 'end') {
      this.leave()
      return
    }
    const { username } = this.state.get().now
    const known = username ?? (typed || undefined)
    this.show(place, { username: place.at === 'name' ? this.#boot.user : known, number: undefined })
  }

  /** The application takes over. */
  leave(): void {
    this.#leave(this.calls.end)
  }

  /** For links: opened elsewhere they lead to the same screen. */
  addressOf(place: Place): string {
    const query = new URLSearchParams({ request_uri: this.#boot.requestUri, at: placeText(place) })
    return place.at === 'end' ? this.calls.end : `${this.#boot.base}portal?${query}`
  }

  said(tone: Notice['tone'], key: TextKey): Notice {
    return { tone, text: this.wording.say(key) }
  }

  refuse(
    { status, body, wait_seconds }: Reply,
    place: Place,
    kept: Situation['kept'] = undefined,
    change: Partial<Situation> = {},
  ): void {
    const { say, language } = this.wording
    const { flow, now } = this.state.get()
    const told: Told = {
      error: typeof body.error === 'string' ? body.error : 'server_error',
      retriesLeft: typeof body.retries_left === 'number' ? body.retries_left : undefined,
      broken: Array.isArray(body.broken) ? body.broken.filter(one => typeof one === 'string') : [],
      wait_seconds,
      reason: typeof body.reason === 'string' ? body.reason : undefined,
    }
    const notice = noticeOf(told, place, flow, say, language)
    if (status === 0) this.#keep(this.said('error', 'error.unreachable'))
    else if (status === 403 && told.reason === undefined) this.#keep(this.said('error', 'error.elsewhere'))
    else if (status === 429 || status >= 500) this.#keep(notice)
    else if (told.error === 'invalid_request_uri') this.show({ at: 'over' }, { notice })
    else this.show(place, { notice, broken: told.broken, kept, sentTo: now.sentTo, ...change })
  }

  /** Nothing was consumed: what was typed stays. */
  #keep(notice: Notice | undefined): void {
    this.state.change(old => ({ ...old, now: { ...old.now, notice } }))
  }
}
