/**
 * After a restore the codes used since the backup must stay used. A key with a clock goes on after the last step that
 * could have been accepted by now. A key with an event counter jumps ahead and is held: nobody knows how far it had come.
 * A signing key with neither cannot be told old from new; it is counted, so that the operator knows.
 */
import { parseSuite } from '@countersign/protocol/oath/suite.ts'
import { timeStep } from '@countersign/protocol/oath/totp.ts'
import type { Configuration } from '#domain/configuration.ts'
import { type CredentialType, type OathSettings, oathSettingsOf } from '#domain/credential-type.ts'
import { first, type Query, rowsOf, type Unit } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'

interface KeyRow {
  readonly tenant: number
  readonly id: number
  readonly device: string
  readonly type: string
  readonly settings: string
  readonly next: number
  readonly drift: number
  readonly ownType: string | null
}

/** How far the step has come, and what it found on the way. */
interface Progress {
  readonly tenant: number
  readonly id: number
  readonly timed: number
  readonly held: number
  readonly unmoved: number
  readonly names: readonly string[]
}

type Moved = { readonly next: number; readonly held: 0 | 1; readonly kind: 'timed' | 'held' | 'unmoved' | 'asked' }

const KEYS_AT_ONCE = 150
const NAMES_TOLD = 20
const NOWHERE: Progress = { tenant: -1, id: -1, timed: 0, held: 0, unmoved: 0, names: [] }

export function* keysMove(now_ms: number, stock: Configuration): Unit<{ more: boolean; lines: readonly string[] }> {
  const kept = yield* first(sql<{ value: string }>`select value from store_meta where name = 'restore_progress'`)
  let progress: Progress = kept ? (JSON.parse(kept.value) as Progress) : NOWHERE
  const rows = yield* rowsOf(sql<KeyRow>`
    select c.tenant_number as "tenant", c.id as "id", d.external_id as "device", c.type as "type", c.settings as "settings",
           s.next as "next", s.drift as "drift", o.document as "ownType"
    from credential c
    join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    join device d on d.tenant_number = c.tenant_number and d.id = c.device_id
    left join configuration_override o
      on o.tenant_number = c.tenant_number and o.kind = 'credentialTypes' and o.code = c.type
    where (c.tenant_number, c.id) > (${progress.tenant}, ${progress.id})
    order by c.tenant_number, c.id limit ${KEYS_AT_ONCE}`)
  const writes: Query[] = []
  for (const row of rows) {
    const document = documentOf(row, stock)
    // Keys of an app have no counter here: what was signed since the backup answered requests that are over.
    if (document !== undefined && document.factor !== 'oath') {
      progress = counted(progress, row, 'asked')
      continue
    }
    const moved = movedOn(row, settingsOf(row, document), Math.floor(now_ms / 1000))
    progress = counted(progress, row, moved.kind)
    if (moved.kind === 'timed' || moved.kind === 'held') {
      writes.push(sql`
        update credential_state set next = ${moved.next}, held = ${moved.held}, version = version + 1
        where tenant_number = ${row.tenant} and id = ${row.id}`)
    }
  }
  if (rows.length > 0) {
    yield [
      ...writes,
      sql`
      insert into store_meta (name, value) values ('restore_progress', ${JSON.stringify(progress)})
      on conflict (name) do update set value = excluded.value`,
    ]
    return { more: true, lines: [] }
  }
  yield [sql`delete from store_meta where name = 'restore_progress'`]
  return { more: false, lines: linesOf(progress) }
}

/** Pure: where a key stands after the restore. Without readable settings nobody can use it; it is held all the same. */
function movedOn({ next, drift }: KeyRow, settings: OathSettings | undefined, now_seconds: number): Moved {
  if (!settings) return { next, held: 1, kind: 'held' }
  const suite = settings.suite === undefined ? undefined : parseSuite(settings.suite)
  const step_seconds = settings.algorithm === 'TOTP' ? settings.step_seconds : suite?.step_seconds
  if (step_seconds !== undefined && step_seconds > 0) {
    const afterWindow = timeStep(now_seconds, step_seconds) + Math.max(0, drift) + settings.window + 1
    return { next: Math.max(next, afterWindow), held: 0, kind: 'timed' }
  }
  // An answer to a challenge dies with the challenge, whatever the counter says.
  if (settings.use === 'challenge') return { next, held: 0, kind: 'asked' }
  if (settings.algorithm === 'HOTP' || suite?.counter) {
    return { next: next + Math.max(settings.window, settings.resync_window), held: 1, kind: 'held' }
  }
  return { next, held: 0, kind: 'unmoved' }
}

const documentOf = ({ type, ownType }: KeyRow, stock: Configuration): CredentialType | undefined =>
  ownType === null ? stock.findCredentialType(type) : (JSON.parse(ownType) as CredentialType)

function settingsOf({ settings }: KeyRow, document: CredentialType | undefined): OathSettings | undefined {
  const settingsOfType = oathSettingsOf(document)
  return settingsOfType && { ...settingsOfType, ...(JSON.parse(settings) as Partial<OathSettings>) }
}

function counted(progress: Progress, { tenant, id, device }: KeyRow, kind: Moved['kind']): Progress {
  const at = { ...progress, tenant, id }
  if (kind === 'timed') return { ...at, timed: at.timed + 1 }
  if (kind === 'unmoved') return { ...at, unmoved: at.unmoved + 1 }
  if (kind !== 'held') return at
  const names = at.names.length < NAMES_TOLD ? [...at.names, device] : at.names
  return { ...at, held: at.held + 1, names }
}

function linesOf({ timed, held, unmoved, names }: Progress): readonly string[] {
  const lines = [`${timed} keys with a clock go on after their window: their next code works within minutes.`]
  if (held > 0) {
    const which = `${names.join(', ')}${held > names.length ? ' …' : ''}`
    lines.push(
      `${held} keys with an event counter are held until two codes in a row have found them again (AUTO-SYNCH): ${which}`,
    )
  }
  if (unmoved > 0) {
    lines.push(
      `${unmoved} signing keys have neither counter nor clock: a signature given since the backup cannot be told from a new one.`,
    )
  }
  return lines
}
