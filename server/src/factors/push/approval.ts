/**
 * Whether a signed approval answers what was asked (docs/approve-protocol.md section 7). Everything is compared with what the
 * server keeps: purpose, tenant, transaction, device, number, text, status; the counter only rises. The signature itself is a fact
 * that comes in. Surprise: a wrong number is a good signature and a "no": whoever guesses learns nothing by trying again.
 */
import type { ApprovalHeader, ReadApproval } from '@countersign/protocol/approve/approval.ts'
import { type Rejected, rejected } from '#factors/factor.ts'

export interface AskedApproval {
  readonly purpose: ApprovalHeader['purpose']
  /** With `dcs`. */
  readonly kind?: 'logon' | 'action'
  readonly algorithm: ApprovalHeader['alg']
  readonly tenant: string
  readonly transaction: string
  readonly device: string
  readonly tds: string
  /** What was offered; the first status of the credential type is the positive one. */
  readonly statuses: readonly string[]
  readonly number: string | undefined
}

export interface ApprovalFacts {
  readonly signatureFits: boolean
  /** Undefined when it is not written as the protocol says. */
  readonly read: ReadApproval | undefined
  /** The highest counter of this device so far. */
  readonly counter: number
  /** All statuses of the credential type. */
  readonly known: readonly string[]
}

export interface Decided {
  readonly outcome: 'accepted'
  readonly status: string
  readonly positive: boolean
  readonly counter: number
  readonly wrongNumber: boolean
}

export function decideApproval(asked: AskedApproval, facts: ApprovalFacts): Decided | Rejected {
  const { read, known } = facts
  if (!facts.signatureFits) return rejected('wrong')
  if (!read) return rejected('malformed')
  const { header, statement } = read
  if (header.purpose !== asked.purpose || header.kind !== asked.kind || header.alg !== asked.algorithm) {
    return rejected('mode')
  }
  if (header.tenant !== asked.tenant || header.device !== asked.device) return rejected('mode')
  if (header.transaction !== asked.transaction || statement.tds !== asked.tds) return rejected('no_challenge')
  if (!asked.statuses.includes(statement.status)) return rejected('malformed')
  if (statement.counter <= facts.counter) return rejected('replayed')

  const positive = statement.status === known[0]
  const wrongNumber = positive && asked.number !== header.number
  if (!wrongNumber) {
    return { outcome: 'accepted', status: statement.status, positive, counter: statement.counter, wrongNumber }
  }
  const negative = known[1] ?? 'deny'
  return { outcome: 'accepted', status: negative, positive: false, counter: statement.counter, wrongNumber }
}
