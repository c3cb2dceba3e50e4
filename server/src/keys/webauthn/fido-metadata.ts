/**
 * The FIDO metadata of this store: brought in as a file or fetched by a job, never in a request. A blob takes the place of the one
 * before in one unit, and only when its number is higher (FIDO Metadata Service 3.1 section 3.2, step 6): an old blob would bring
 * back models whose compromise was reported since.
 */
import type { Actor } from '#domain/event.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { FidoMetadataQueries, FidoModel, FidoModels } from '#domain/ports/fido-metadata.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import { first, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import type { StoreQueries } from '#domain/ports/store-queries.ts'
import { Refusal } from '#domain/refusal.ts'
import { readMetadataBlob } from '#keys/webauthn/metadata-blob.ts'

export interface MetadataNeeds {
  readonly store: Store
  readonly rows: FidoMetadataQueries
  readonly meta: Pick<StoreQueries, 'meta' | 'setMeta'>
  readonly recorder: Recorder
  readonly clock: Clock
  /** DER. */
  readonly roots: readonly Uint8Array[]
}

export interface MetadataState {
  readonly no: number
  readonly nextUpdate: string
  readonly models: number
  readonly skipped: number
  readonly imported_at: number
  /** When it was last known to be the newest. */
  readonly checked_at: number
}

const NAME = 'fido_metadata'

export class FidoMetadata implements FidoModels {
  readonly #needs: MetadataNeeds

  constructor(needs: MetadataNeeds) {
    this.#needs = needs
  }

  async find(aaguid: string): Promise<FidoModel | undefined> {
    const { store, rows } = this.#needs
    const row = await store.read(WHOLE_STORE, () => first(rows.model(aaguid)))
    return row && (JSON.parse(row.document) as FidoModel)
  }

  async state(): Promise<MetadataState | undefined> {
    const { store, meta } = this.#needs
    return stateOf(await store.read(WHOLE_STORE, () => first(meta.meta(NAME))))
  }

  /** Refuses what cannot be trusted and what is older; a blob that is here already changes nothing but the date of its check. */
  async bring(text: string, actor: Actor): Promise<{ readonly state: MetadataState; readonly isNew: boolean }> {
    const { store, rows, meta, recorder, clock, roots } = this.#needs
    const now = clock.now()
    const { no, nextUpdate, models, skipped } = await readMetadataBlob(text, roots, now)
    const documents = models.map(model => ({ aaguid: model.aaguid, document: JSON.stringify(model) }))
    const event = { action: 'importFidoMetadata', result: 'SUCCESS', actor, parameters: { TEXT: `no. ${no}` } } as const
    const state = { no, nextUpdate, models: models.length, skipped, imported_at: now, checked_at: now }
    return store.write(WHOLE_STORE, function* (): Unit<{ readonly state: MetadataState; readonly isNew: boolean }> {
      const before = stateOf(yield* first(meta.meta(NAME)))
      if (before && no < before.no) throw older(no, before.no)
      const isNew = before?.no !== no
      const kept = isNew ? state : { ...before, checked_at: now }
      if (isNew) yield [rows.removeAll(), ...rows.addAll(documents), ...recorder.record(WHOLE_STORE, event).queries]
      yield [meta.setMeta(NAME, JSON.stringify(kept))]
      return { state: kept, isNew }
    })
  }
}

function stateOf(row: { readonly value: string } | undefined): MetadataState | undefined {
  return row && (JSON.parse(row.value) as MetadataState)
}

function older(no: number, kept: number): Refusal {
  return new Refusal('invalid_value', `This FIDO metadata is number ${no}; number ${kept} is here already and newer.`)
}
