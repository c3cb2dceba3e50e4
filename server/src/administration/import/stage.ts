/**
 * Planned devices become sealed rows in the staging table, at most 60 credentials per unit of work (storage rules: at most 200
 * statements in a unit). A secret is sealed for the place where its credential will live, so the flip moves bytes and
 * opens nothing; the clear one is overwritten as soon as its last credential is sealed.
 */
import { CHUNK_ROWS } from '#administration/import/chunk.ts'
import type { ImportJob, ImportNeeds, StagedCredential } from '#administration/import/needs.ts'
import type { ImportPlan, PlannedDevice, TargetType } from '#administration/import/plan.ts'
import type { Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Answers the rows as they were staged. */
export async function stageRows(
  needs: ImportNeeds,
  tenant: Tenant,
  job: ImportJob,
  target: TargetType,
  plan: ImportPlan,
  status: 'ACTIVE' | 'PENDING',
): Promise<readonly StagedCredential[]> {
  const credentials = plan.devices.reduce((total, device) => total + device.credentials.length, 0)
  const ids = await needs.takeIds(tenant.number, plan.devices.length + credentials)
  const rows: StagedCredential[] = []
  let used = 0
  for (const device of plan.devices) {
    const own = ids.slice(used, used + 1 + device.credentials.length)
    used += own.length
    rows.push(...sealedRows(tenant, target, device, own, status))
  }
  for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
    const some = rows.slice(at, at + CHUNK_ROWS)
    await needs.store.write(tenant.number, function* (): Unit<void> {
      yield needs.queries.stage(tenant.number, job.id, some)
    })
  }
  return rows
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
      startAt_ms,
      expiryAt_ms,
      credentialType: credential.type,
      settings: JSON.stringify(credential.settings),
      secret: tenant.sealer.seal(place, record.secret),
      next: credential.next,
      drift: credential.drift,
    }
  })
  record.secret.fill(0)
  return rows
}
