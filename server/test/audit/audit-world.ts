/** A store with a recorder, a sealer and a clock that tests move; checkpoints go to a list that stands for "outside". */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { CheckpointPlace } from '#audit/checkpoint-place.ts'
import { jwsOfLines } from '#audit/checkpoint-place.ts'
import { AuditRecorder } from '#audit/recorder.ts'
import { openRun, tendRun } from '#audit/run.ts'
import { type AuditAlert, Sealer } from '#audit/sealer.ts'
import { storeReader } from '#audit/store-reader.ts'
import { type AuditReport, verifyAudit } from '#audit/verify.ts'
import type { AuditEvent } from '#domain/event.ts'
import { Happenings } from '#domain/ids.ts'
import { type Query, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { auditLog as log } from '#storage/audit.ts'
import { audit } from '#storage/migrations/0002-audit.ts'
import type { Engine } from '../fresh-store.ts'

const START = 1_780_000_000_000

export const event = (n: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  action: 'primaryAuthenticateUP',
  result: n % 3 === 0 ? 'FAILURE' : 'SUCCESS',
  actor: { kind: 'client', id: 'spl-api' },
  user: 11072,
  parameters: { ATC: 'AT_OTP', DID: 96740 + n },
  ...more,
})

/** A query as a test writes it: what a database administrator could type. */
export const raw = <Row = unknown>(text: string, ...values: readonly unknown[]): Query<Row> => {
  return { name: `t_${Buffer.from(text).toString('base64url').slice(-40)}_${text.length}`, text, values }
}

export async function auditWorld(engine: Engine) {
  const { store, close } = await engine.open([audit])
  const clock = { at: START, now: () => clock.at }
  const macKey = randomBytes(32)
  const random = { bytes: (count: number) => randomBytes(count) }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = {
    kid: 'audit-1',
    sign: (bytes: Uint8Array) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  }
  const publicKeys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'audit-1' }]
  const outside: string[] = []
  const alerts: AuditAlert[] = []
  const place: CheckpointPlace = {
    name: 'list',
    async publish(lines) {
      outside.push(...jwsOfLines(lines.join('\n')))
    },
  }

  /** One start of one process. */
  async function start(node: number, more: { epoch?: number; places?: CheckpointPlace[]; store?: Store } = {}) {
    const { epoch = 1, places = [place] } = more
    const happenings = new Happenings(clock.now, node)
    const run = await openRun(store, log, node, clock.now())
    const recorder = new AuditRecorder({ happenings, random, run, macKey, log })
    const needs = { store: more.store ?? store, log, clock, stamp: recorder.stamp, epoch, signer, places }
    const sealer = new Sealer({ ...needs, holder: String(run), onAlert: alert => alerts.push(alert) })
    return {
      run,
      recorder,
      sealer,
      async record(tenant: number, ...events: AuditEvent[]): Promise<number[]> {
        return store.write(tenant, function* (): Unit<number[]> {
          const recorded = events.map(one => recorder.record(tenant, one))
          yield recorded.flatMap(one => one.queries)
          return recorded.map(one => one.id)
        })
      },
      tend: () => tendRun({ store, log, recorder }, clock.now()),
      async tick(): Promise<void> {
        clock.at += 1_000
        await sealer.tick()
        await sealer.sent()
      },
    }
  }

  return {
    ...{ store, close, clock, log, outside, alerts, start, macKey, publicKeys },
    run: <Row>(query: Query<Row>): Promise<readonly Row[]> => store.write(WHOLE_STORE, () => rowsOf(query)),
    verify: (more: { checkpoints?: readonly string[]; macKey?: Uint8Array | undefined } = {}): Promise<AuditReport> => {
      const { checkpoints = outside.slice(-1), ...rest } = more
      const key = 'macKey' in rest ? rest.macKey : macKey
      const options = { checkpoints, publicKeys, now: clock.now(), ...(key && { macKey: key }) }
      return verifyAudit(storeReader(store, log), options)
    },
  }
}

export type AuditWorld = Awaited<ReturnType<typeof auditWorld>>
