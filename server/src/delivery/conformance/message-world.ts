/**
 * A worker that brings messages to people, on a real store, with providers that a test brings: each is a server of ours on loopback,
 * which keeps what it took and behaves as it is told. Everything that the worker tells anybody is kept, to be searched for secrets.
 */
import { Circuits } from '#delivery/circuits.ts'
import type { Ground } from '#delivery/conformance/world.ts'
import { DeliveryWorker } from '#delivery/worker.ts'
import type { MailGateway, SmsGateway } from '#domain/gateway.ts'
import type { InboxMessage, MessageMethod, MessageParcel } from '#domain/parcel.ts'
import type { OutboxRow } from '#domain/ports/outbox-queries.ts'
import type { Sealer } from '#domain/ports/sealer.ts'
import { first, rowsOf } from '#domain/ports/store.ts'

/** `busy`: not now. `never`: no, for good. `mute`: takes all and says nothing. */
export type Mood = 'take' | 'busy' | 'never' | 'mute'

export interface Taken {
  readonly to: string
  readonly text: string
  readonly subject?: string
}

export interface Provider {
  /** Calls that came as far as a message, whatever became of them. */
  readonly calls: number
  readonly taken: readonly Taken[]
  mood: Mood
  gateway(
    code: string,
    sealer: Sealer,
    more?: { readonly priority?: number; readonly enabled?: boolean },
  ): MailGateway | SmsGateway
  close(): Promise<void>
}

export interface MessageCandidate {
  readonly name: string
  readonly method: MessageMethod
  readonly to: string
  start(): Promise<Provider>
  /** The gateway as it would be on a network of our own, where it must not be called. */
  inside(gateway: MailGateway | SmsGateway): MailGateway | SmsGateway
  readonly secrets: readonly string[]
}

export interface MessageWorld {
  readonly one: Provider
  readonly other: Provider
  gateways: readonly (MailGateway | SmsGateway)[]
  readonly told: readonly unknown[]
  readonly inbox: readonly InboxMessage[]
  add(id: number, more?: Partial<MessageParcel> & { readonly decoy?: true; readonly lasts_ms?: number }): Promise<void>
  after(ms: number): Promise<void>
  row(id: number): Promise<OutboxRow | undefined>
  trace(id: number): Promise<readonly string[]>
  close(): Promise<void>
}

const TENANT = 1
const START_MS = 1_780_000_000_000

export async function openMessageWorld(
  { store, rows, sealer, random }: Ground,
  candidate: MessageCandidate,
  { demo = false }: { readonly demo?: boolean } = {},
): Promise<MessageWorld> {
  const [one, other] = [await candidate.start(), await candidate.start()]
  const told: unknown[] = []
  const inbox: InboxMessage[] = []
  const clock = { time: START_MS, now: () => clock.time }
  const tell = (fields: object, message: string) => told.push(fields, message)
  const here: { gateways: readonly (MailGateway | SmsGateway)[] } = { gateways: [] }
  const worker = new DeliveryWorker({
    ...{ store, rows, clock, random, loadSealer: async () => sealer, prepare: new Map() },
    callbackRules: async () => ({ code: 'CALLBACKS', allowedRanges: ['127.0.0.0/8'], unregisteredLoopback: false }),
    vapid: async () => undefined,
    gateway: async () => undefined,
    messages: {
      circuits: new Circuits(),
      mailGateways: async () => here.gateways.filter(gateway => 'host' in gateway),
      smsGateways: async () => here.gateways.filter(gateway => 'url' in gateway),
      loadSealer: async () => sealer,
      ...(demo ? { inbox: { take: (message: InboxMessage) => void inbox.push(message) } } : {}),
    },
    log: { warn: tell, error: tell },
    onOutcome: (_, outcome) => void told.push(outcome),
  })
  return {
    ...{ one, other, told, inbox },
    get gateways() {
      return here.gateways
    },
    set gateways(gateways) {
      here.gateways = gateways
    },
    async add(id, { decoy, lasts_ms = 300_000, ...more } = {}) {
      const parcel: MessageParcel = {
        ...{ kind: 'message', method: candidate.method, text: `planted ${id}` },
        ...(decoy ? {} : { to: candidate.to }),
        ...more,
      }
      const body = sealer.seal(
        { table: 'outbox', column: 'body', row: String(id) },
        Buffer.from(JSON.stringify(parcel)),
      )
      const times = { dueAt: clock.time, createdAt: clock.time, notAfter: clock.time + lasts_ms }
      const row = { id, kind: 'message', subject: id, destination: `oob:${id}`, body, ...times } as const
      await store.write(TENANT, () => first(rows.add(TENANT, row)))
    },
    async after(ms) {
      clock.time += ms
      await worker.tick()
      await worker.idle()
    },
    row: id => store.read(TENANT, () => first(rows.about(TENANT, 'message', id))),
    trace: async id =>
      (await store.read(TENANT, () => rowsOf(rows.traceOf(TENANT, id)))).map(({ outcome }) => outcome).reverse(),
    async close() {
      await worker.stop()
      await Promise.all([one.close(), other.close()])
    },
  }
}
