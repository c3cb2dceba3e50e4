/**
 * `status` of an authenticator, device or credential, in and out. In: any case of the word, dates in any known form
 * (tolerance T9), `active` without effect because it is computed. Out: upper case, dates in whole seconds.
 * Surprise: each part may come alone; what a part needs from the stored row is decided by whoever changes the row.
 */
import type { EntityStatus } from '@countersign/protocol/scim/entity-status.ts'
import { Refusal } from '#domain/refusal.ts'
import { showDate } from '#scim/dates.ts'
import type { Members } from '#scim/members.ts'

export interface StatusChange<Status extends string> {
  readonly status?: Status
  readonly startAt_ms?: number
  readonly expiryAt_ms?: number
}

/** Undefined when the body says nothing about it. `allowed` are the words of this kind of resource. */
export function readStatus<Status extends string>(
  body: Members,
  allowed: readonly Status[],
): StatusChange<Status> | undefined {
  const members = body.group('status')
  if (members === undefined) return undefined
  const word = members.text('status', 32)?.toUpperCase()
  const status = allowed.find(one => one === word)
  if (word !== undefined && status === undefined) throw new Refusal('status_not_allowed')
  const startAt_ms = members.date('startDate')
  const expiryAt_ms = members.date('expiryDate')
  if (startAt_ms !== undefined && expiryAt_ms !== undefined && startAt_ms >= expiryAt_ms) {
    throw new Refusal('dates_in_wrong_order')
  }
  return {
    ...(status === undefined ? {} : { status }),
    ...(startAt_ms === undefined ? {} : { startAt_ms }),
    ...(expiryAt_ms === undefined ? {} : { expiryAt_ms }),
  }
}

interface Lasting {
  readonly status: string
  readonly startAt_ms: number
  readonly expiryAt_ms: number | null
}

/** `usable`: the status allows use; whether the dates do is found here. */
export function showStatus(row: Lasting, usable: boolean, now_ms: number): EntityStatus {
  const inside = row.startAt_ms <= now_ms && (row.expiryAt_ms === null || now_ms < row.expiryAt_ms)
  return {
    status: row.status,
    active: usable && inside,
    ...(row.expiryAt_ms === null ? {} : { expiryDate: showDate(row.expiryAt_ms) }),
    startDate: showDate(row.startAt_ms),
  }
}
