/**
 * Devices out of a file: `POST …/Device/.import` and `countersign devices import`. All or nothing per file, unless
 * `partial`.
 *
 * The file is read, planned and staged in units of at most 60 credentials; nobody sees staged rows. One last unit ends
 * the job, moves the rows to where devices live and writes the audit event; what fails before it leaves but a FAILED
 * job. The surprise: a file with bad rows is an outcome (a FAILED job with its report), not a refusal; a file that
 * cannot be read at all is a refusal when the caller waits, and a FAILED job when it does not.
 */
import { CHUNK_ROWS } from '#administration/import/chunk.ts'
import { endedJob, type ImportJob, jobOf, newJob, rowOf } from '#administration/import/job.ts'
import type { ImportNeeds } from '#administration/import/needs.ts'
import {
  type ImportPlan,
  type ImportTerms,
  loadTarget,
  planImport,
  type TargetType,
  withoutExisting,
} from '#administration/import/plan.ts'
import { type ImportFile, readImportFile } from '#administration/import/read-file.ts'
import { stageRows } from '#administration/import/stage.ts'
import type { Problem } from '#administration/import/token-record.ts'
import type { Actor } from '#domain/event.ts'
import type { TenantNumber } from '#domain/ids.ts'
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface ImportRequest extends ImportFile, ImportTerms {
  readonly deviceType: string
  /** ACTIVE unless told otherwise. */
  readonly status?: 'ACTIVE' | 'PENDING'
  /** Imports the good rows of a file that has bad ones. */
  readonly partial?: boolean
}

export interface ImportOutcome {
  readonly job: ImportJob
  /** Ids of the devices made, in the order of the file. */
  readonly devices: readonly number[]
}

const MAX_AT_ONCE = 2
const ABANDONED_AFTER_MS = 3_600_000

export class DeviceImport {
  readonly #needs: ImportNeeds
  readonly #running = new Set<Promise<unknown>>()

  constructor(needs: ImportNeeds) {
    this.#needs = needs
  }

  /** Answers when the file is imported or the job has failed. */
  async run(tenant: Tenant, request: ImportRequest, actor: Actor): Promise<ImportOutcome> {
    this.#admit()
    const work = this.#begin(tenant, request).then(job => this.#work(tenant, request, actor, job))
    return this.#tracked(work)
  }

  /** Answers the PENDING job at once; the work goes on behind it. */
  async start(tenant: Tenant, request: ImportRequest, actor: Actor): Promise<ImportJob> {
    this.#admit()
    const job = await this.#tracked(this.#begin(tenant, request))
    void this.#tracked(this.#work(tenant, request, actor, job)).catch(error => {
      if (!(error instanceof Refusal)) this.#needs.tellFault(error)
    })
    return job
  }

  async loadJob(tenant: Tenant, importId: number): Promise<ImportJob> {
    const { store, queries } = this.#needs
    const row = await store.read(tenant.number, () => first(queries.findImport(tenant.number, importId)))
    if (!row) throw new Refusal('not_found')
    return jobOf(row)
  }

  /** Resolves when nothing runs any more; for the drain at the end of the process. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running])
  }

  /** Ends the imports that a process left PENDING when it died; run at start and now and then. */
  async closeAbandoned(tenant: TenantNumber): Promise<number> {
    const { store, queries, clock } = this.#needs
    const before = clock.now() - ABANDONED_AFTER_MS
    const rows = await store.read(tenant, () => rowsOf(queries.pending(tenant, before)))
    for (const row of rows) await this.#fail(tenant, jobOf(row), [interrupted()], { kind: 'system' })
    return rows.length
  }

  #admit(): void {
    if (this.#running.size < MAX_AT_ONCE) return
    throw new Refusal('temporarily_unavailable', 'Other imports are running.', { retryAfter_seconds: 10 })
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work)
    const done = () => this.#running.delete(work)
    work.then(done, done)
    return work
  }

  async #begin(tenant: Tenant, request: ImportRequest): Promise<ImportJob> {
    const { store, clock, queries, ids } = this.#needs
    const [id] = await ids.next(tenant.number, 1)
    const job = newJob(id as number, request.fileName ?? '', clock.now())
    await store.write(tenant.number, function* (): Unit<void> {
      yield [queries.begin(tenant.number, rowOf(job))]
    })
    return job
  }

  async #work(tenant: Tenant, request: ImportRequest, actor: Actor, job: ImportJob): Promise<ImportOutcome> {
    try {
      const target = loadTarget(tenant.configuration, request.deviceType)
      const report = await readImportFile(request)
      const plan = await this.#checked(tenant, target, planImport(report, target, request, job.createdAt_ms))
      if (plan.devices.length === 0 || (plan.problems.length > 0 && request.partial !== true)) {
        return { job: await this.#fail(tenant.number, job, plan.problems, actor), devices: [] }
      }
      const devices = await stageRows(this.#needs, tenant, job, target, plan, request.status ?? 'ACTIVE')
      return await this.#flip(tenant, job, target, plan, devices, actor)
    } catch (error) {
      // Whatever went wrong, nothing may stay staged and no job PENDING; then it is told to whom it concerns.
      // When the store is gone that fails too: `closeAbandoned` does it then, and the first error is the one to tell.
      const problem = error instanceof Refusal ? wholeFile(error) : interrupted()
      await Promise.allSettled([this.#fail(tenant.number, job, [problem], actor)])
      throw error
    }
  }

  async #checked(tenant: Tenant, target: TargetType, plan: ImportPlan): Promise<ImportPlan> {
    const { store, queries } = this.#needs
    const taken: string[] = []
    for (let at = 0; at < plan.devices.length; at += CHUNK_ROWS) {
      const some = plan.devices.slice(at, at + CHUNK_ROWS).map(device => device.externalId)
      const code = target.deviceType.code
      const rows = await store.read(tenant.number, () => rowsOf(queries.existing(tenant.number, code, some)))
      taken.push(...rows.map(row => row.externalId))
    }
    return withoutExisting(plan, taken)
  }

  async #flip(
    tenant: Tenant,
    job: ImportJob,
    target: TargetType,
    plan: ImportPlan,
    devices: readonly number[],
    actor: Actor,
  ): Promise<ImportOutcome> {
    const { store, queries, recorder, clock } = this.#needs
    const now_ms = clock.now()
    const done = endedJob(job, 'SUCCESS', plan.problems, now_ms, plan.devices.length)
    const flipped = await store.write(tenant.number, function* (): Unit<boolean> {
      const collisions = yield* first(queries.collisions(tenant.number, job.id))
      if (collisions === undefined || collisions.total > 0) return false
      if (!(yield* first(queries.settle(tenant.number, rowOf(done))))) return false
      const event = recorder.record(tenant.number, {
        action: 'importDevices',
        result: 'SUCCESS',
        actor,
        parameters: { DTC: target.deviceType.code, TEXT1: job.id, TEXT2: plan.devices.length },
      })
      yield [...queries.flip(tenant.number, job.id, plan.devices.length, now_ms), ...event.queries]
      return true
    })
    if (flipped) return { job: done, devices }
    return { job: await this.#fail(tenant.number, job, [...plan.problems, meanwhile()], actor), devices: [] }
  }

  async #fail(tenant: TenantNumber, job: ImportJob, problems: readonly Problem[], actor: Actor): Promise<ImportJob> {
    const { store, queries, clock, recorder } = this.#needs
    const failed = endedJob(job, 'FAILED', problems, clock.now(), 0)
    await store.write(tenant, function* (): Unit<void> {
      // Discarded in any case: a job that another node closed may have had rows staged after that.
      yield [...queries.discard(tenant, job.id)]
      if (!(yield* first(queries.settle(tenant, rowOf(failed))))) return
      const event = recorder.record(tenant, {
        action: 'importDevices',
        result: 'FAILURE',
        reason: problems[0]?.code ?? 'empty',
        actor,
        parameters: { TEXT1: job.id },
      })
      yield event.queries
    })
    return failed
  }
}

function wholeFile(refusal: Refusal): Problem {
  return { row: 0, where: 'file', code: refusal.code, sentence: refusal.hint }
}

function interrupted(): Problem {
  return { row: 0, where: 'file', code: 'interrupted', sentence: 'The import was interrupted; nothing was imported.' }
}

function meanwhile(): Problem {
  const sentence = 'Devices of this file were made by somebody else meanwhile; nothing was imported. Try again.'
  return { row: 0, where: 'file', code: 'exists', sentence }
}
