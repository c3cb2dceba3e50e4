/** Codes by which forgotten passwords are set anew. Whatever takes or ends one is conditional: of many at once one gets a row. */
import type { TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface RecoveryRow {
  /** Below zero: a decoy for somebody who gets no code. */
  readonly user: UserId
  readonly policy: string
  /** A happening. */
  readonly id: number
  /** The action of the workflow that began it. */
  readonly action: string
  readonly client: string
  /** The login in which it was asked for, where alone its code counts; 0: none. */
  readonly login: number
  readonly method: string
  /** Of the password that was forgotten: when another one was set meanwhile, nothing is left to do. */
  readonly passwordVersion: number
  readonly codeProof: Uint8Array
  readonly linkProof: Uint8Array
  readonly tries: number
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt: number | null
}

export interface RecoveryQueries {
  recovery(tenant: TenantNumber, user: UserId, policy: string): Query<RecoveryRow>
  recoveryOf(tenant: TenantNumber, id: number): Query<RecoveryRow>
  /** In the place of the one that the user had under this policy. */
  put(tenant: TenantNumber, row: Omit<RecoveryRow, 'tries' | 'usedAt'>): Query
  /** No row when `limit` tries were taken, it was used, its time is over, or it belongs to another login. */
  takeTry(
    tenant: TenantNumber,
    of: { readonly user: UserId; readonly policy: string; readonly login: number },
    limit: number,
    at: number,
  ): Query<RecoveryRow>
  /** The same for its link, which belongs to no login. */
  takeTryOf(tenant: TenantNumber, id: number, limit: number, at: number): Query<RecoveryRow>
  giveBack(tenant: TenantNumber, id: number): Query
  /** No row when it was used before or its time is over. */
  use(tenant: TenantNumber, id: number, at: number): Query<object>
}
