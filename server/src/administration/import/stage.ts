/**
 * Planned devices become sealed rows in the staging table, at most 60 credentials per unit of work (storage rules: at
 * most 200 statements in a unit). A secret is sealed for the place where its credential will live, so the flip moves
 * bytes and opens nothing; the clear one is overwritten as soon as its last credential is sealed.
 */
import { createHash } from 'node:crypto'
import { CHUNK_ROWS } from '#administration/import/chunk.ts'
import type { ImportJob } from '#administration/import/job.ts'
import type { ImportNeeds } from '#administration/import/needs.ts'
import type { ImportPlan, PlannedDevice, TargetType } from '#administration/import/plan.ts'
import type { DeviceId } from '#domain/ids.ts'
import type { StagedCredential } from '#domain/ports/import-queries.ts'
import type { Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Keeps the hash apart from any other over the same bytes; secrets have 128 random bits at least. */
const FINGERPRINT = 'countersign key fingerprint\0'

/** Answers the ids that the devices will have, in the order of the file. */
export async function stageRows(
  needs: ImportNeeds,
  tenant: Tenant,
  job: ImportJob,
  target: TargetType,
  plan: ImportPlan,
  status: 'ACTIVE' | 'PENDING',
): Promise<readonly DeviceId[]> {
  const stage = (rows: readonly StagedCredential[]) =>
    needs.store.write(tenant.number, function* (): Unit<void> {
      yield needs.queries.stage(tenant.number, job.id, rows)
    })
  const deviceIds: number[] = []
  let waiting: StagedCredential[] = []
  for (const device of plan.devices) {
    const own = await needs.ids.next(tenant.number, 1 + device.credentials.length)
    if (waiting.length + device.credentials.length > CHUNK_ROWS) {
      await stage(waiting)
      waiting = []
    }
    waiting.push(...sealedRows(tenant, target, device, own, status))
    deviceIds.push(own[0] as number)
  }
  await stage(waiting)
  return deviceIds
}

function sealedRows(
  tenant: Tenant,
  target: TargetType,
  device: PlannedDevice,
  ids: readonly number[],
  status: 'ACTIVE' | 'PENDING',
): readonly StagedCredential[] {
  const { record, externalId, startAt_ms, expiryAt_ms } = device
  const [deviceId, ...credentialIds] = ids as readonly [number, ...number[]]
  const fingerprint = createHash('sha256').update(FINGERPRINT).update(record.secret).digest()
  const rows = device.credentials.map((credential, index) => {
    const credentialId = credentialIds[index] as number
    const place = { table: 'credential', column: 'secret', row: String(credentialId) }
    return {
      deviceId,
      credentialId,
      externalId,
      deviceType: target.deviceType.code,
      friendlyName: record.friendlyName ?? null,
      status,
      startAt: startAt_ms,
      expiryAt: expiryAt_ms,
      credentialType: credential.type,
      settings: JSON.stringify(credential.settings),
      secret: tenant.sealer.seal(place, record.secret),
      fingerprint,
      next: credential.next,
      drift: credential.drift,
    }
  })
  record.secret.fill(0)
  return rows
}
