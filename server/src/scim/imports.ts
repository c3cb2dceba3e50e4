/**
 * Imports of hardware tokens: `/scim/{tenant}/v2/Device/.import`. Who waits gets the first hundred devices with the report,
 * or a refusal when nothing was imported; who does not (`async`) gets the import at once and asks for it by its id.
 */
import { deviceImport, deviceImportAnswer, deviceImportRequest } from '@countersign/protocol/scim/import.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { Devices } from '#administration/devices.ts'
import type { DeviceImport } from '#administration/import/device-import.ts'
import type { ImportJob } from '#administration/import/job.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { showDate } from '#scim/dates.ts'
import { listedDevice } from '#scim/device-wire.ts'
import { LARGEST_BODY_BYTES, readImport } from '#scim/imports-read.ts'
import { listOf } from '#scim/list.ts'
import { locationOf, type Site, siteOf } from '#scim/location.ts'
import { assertQuery, numberedPath, numberIn } from '#scim/resource-request.ts'

interface Needs {
  readonly imports: DeviceImport
  readonly devices: Devices
  readonly clock: Clock
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Device/.import'
const SHOWN = 100

export const importEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'POST',
    path: PATH,
    summary: 'Imports devices with their keys out of a file, all of them or none.',
    access: bearerMay('device.import'),
    query: resourceQuery,
    accepts: {
      as: 'json',
      shape: deviceImportRequest,
      maxBytes: LARGEST_BODY_BYTES,
      maxTextCharacters: LARGEST_BODY_BYTES,
    },
    answers: { status: 200, shape: Type.Union([deviceImportAnswer, deviceImport]) },
    refusals: [
      'invalid_value',
      'too_long',
      'status_not_allowed',
      'unsupported_value',
      'algorithm_absent',
      'temporarily_unavailable',
    ],
    async handle({ query, body }, here: Here, { imports, devices, clock }: Needs) {
      assertQuery(query)
      const { request, waits } = readImport(body)
      const { actor } = administratorOf(here)
      const site = siteOf(here)
      if (!waits) {
        const job = importOnWire(await imports.start(here.tenant, request, actor), site)
        return { status: 202, headers: { location: job.location }, body: job }
      }
      const outcome = await imports.run(here.tenant, request, actor)
      const job = importOnWire(outcome.job, site)
      if (outcome.job.status === 'FAILED') throw failed(outcome.job)
      const made = await devices.loadSome(here.tenant, outcome.devices.slice(0, SHOWN))
      const now = clock.now()
      const resources = made.map(device => listedDevice(device, site, now))
      return { body: { ...listOf(outcome.job.deviceCount, resources), import: job } }
    },
  }),

  endpoint({
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Shows how far an import is, and the report of one that ended.',
    access: bearerMay('device.import'),
    params: numberedPath,
    query: resourceQuery,
    answers: { status: 200, shape: deviceImport },
    refusals: ['invalid_value', 'not_found'],
    async handle({ path, query }, here: Here, { imports }: Needs) {
      assertQuery(query)
      const job = await imports.loadJob(here.tenant, numberIn(path, 'import'))
      return { body: importOnWire(job, siteOf(here)) }
    },
  }),
]

function importOnWire(job: ImportJob, site: Site) {
  return {
    id: String(job.id),
    status: job.status,
    fileName: job.fileName,
    deviceCount: job.deviceCount,
    problemCount: job.problemCount,
    problems: job.problems.map(({ row, where, code, sentence }) => ({ row, where, code, detail: sentence })),
    created: showDate(job.createdAt_ms),
    ...(job.finishedAt_ms === null ? {} : { finished: showDate(job.finishedAt_ms) }),
    location: `${locationOf(site, 'Device', '.import')}/${job.id}`,
  }
}

/** The report itself is asked for by its id; a refusal has room for its beginning. */
function failed({ id, problems, problemCount }: ImportJob): Refusal {
  const [first] = problems
  const begin = first === undefined ? 'the file holds no device' : `row ${first.row}, ${first.where}: ${first.sentence}`
  const rest = problemCount > 1 ? ` There are ${problemCount} such problems.` : ''
  return new Refusal('invalid_value', `Nothing was imported; ${begin}${rest} The report is import ${id}.`)
}
