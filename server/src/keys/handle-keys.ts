/**
 * The keys behind handles belong to the store's epoch: `restore` raises the epoch, a new key is made, and no token, code,
 * session or request_uri from before can be read any more. Within an epoch a rotation keeps the previous key readable, and
 * every node reads with the next one before any node makes handles with it. Rows: table handle_key, wrapped by the master key.
 */
import type { Clock } from '#domain/ports/clock.ts'
import type { KeyQueries, NumberedKeyRow } from '#domain/ports/key-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import { first, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { currentKey, LEAD_MS } from '#keys/current-key.ts'
import { HANDLE_KEY_BYTES, type HandleKey, MaskedHandles } from '#keys/handles.ts'
import type { MasterKey, WrappedPlace } from '#keys/master-key.ts'

export interface HandleKeyNeeds {
  readonly master: MasterKey
  readonly store: Store
  readonly rows: Pick<KeyQueries, 'handleKeys' | 'addHandleKey' | 'retireHandleKey'>
  readonly random: Random
  readonly clock: Clock
  readonly epoch: number
}

export class HandleKeys {
  readonly handles: MaskedHandles
  readonly #needs: HandleKeyNeeds

  private constructor(needs: HandleKeyNeeds, found: readonly NumberedKeyRow[]) {
    const { current, others } = opened(needs, found)
    this.#needs = needs
    this.handles = new MaskedHandles(needs.random, current, others)
  }

  /** Makes the epoch's first key when there is none. */
  static async open(needs: HandleKeyNeeds): Promise<HandleKeys> {
    const { store, rows, epoch, clock } = needs
    const kept = await store.read(WHOLE_STORE, () => rowsOf(rows.handleKeys(epoch)))
    if (kept.length > 0) return new HandleKeys(needs, kept)
    const minted = mint(needs, 1, clock.now())
    const found = await store.write(WHOLE_STORE, function* () {
      yield [rows.addHandleKey(epoch, minted)]
      return yield* rowsOf(rows.handleKeys(epoch))
    })
    return new HandleKeys(needs, found)
  }

  /** A job calls it every RELOAD_MS. */
  async reload(): Promise<void> {
    const { store, rows, epoch } = this.#needs
    const found = await store.read(WHOLE_STORE, () => rowsOf(rows.handleKeys(epoch)))
    const { current, others } = opened(this.#needs, found)
    this.handles.replace(current, others)
  }

  /** Writes the next key, with which handles are made from LEAD_MS on; those made before stay readable until the next rotation. */
  async rotate(): Promise<void> {
    const { store, rows, epoch, clock } = this.#needs
    const needs = this.#needs
    const outcome = await store.write(WHOLE_STORE, function* (): Unit<Refusal | undefined> {
      const now = clock.now()
      const [newest, before] = yield* rowsOf(rows.handleKeys(epoch))
      if (!newest) throw new Fault(`epoch ${epoch} has no handle key`)
      if ((before?.retiredAt ?? 0) > now) return new Refusal('too_many_requests', 'The last rotation is not over yet.')
      yield [rows.retireHandleKey(epoch, newest.keyNumber, now + LEAD_MS)]
      const added = yield* first(rows.addHandleKey(epoch, mint(needs, newest.keyNumber + 1, now)))
      return added ? undefined : new Refusal('temporarily_unavailable')
    })
    if (outcome) throw outcome
    await this.reload()
  }
}

const placeOf = (epoch: number, number: number): WrappedPlace => ['handle_key', epoch, number]

function mint({ master, random, epoch }: HandleKeyNeeds, number: number, now: number): NumberedKeyRow {
  const wrapped = master.wrap(placeOf(epoch, number), random.bytes(HANDLE_KEY_BYTES))
  return { keyNumber: number, wrapped, createdAt: now, retiredAt: null }
}

function opened(needs: HandleKeyNeeds, found: readonly NumberedKeyRow[]): { current: HandleKey; others: HandleKey[] } {
  const { master, clock, epoch } = needs
  const current = currentKey(found, clock.now())
  if (!current) throw new Fault(`epoch ${epoch} has no handle key`)
  const open = (row: NumberedKeyRow): HandleKey => ({
    number: row.keyNumber,
    bytes: master.unwrap(placeOf(epoch, row.keyNumber), row.wrapped),
  })
  return { current: open(current), others: found.filter(row => row !== current).map(open) }
}
