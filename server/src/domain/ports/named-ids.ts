/**
 * Numbers for named things (user, device, credential): one rising sequence per tenant, shown as decimal strings. A number
 * that was handed out and then not used stays unused, so callers take them before their unit of work and never inside it.
 */
import type { TenantNumber } from '#domain/ids.ts'

export interface NamedIds {
  /** The next numbers of the tenant, rising, never given twice by any node. */
  next(tenant: TenantNumber, count: number): Promise<readonly number[]>
}
