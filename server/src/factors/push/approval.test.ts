/** C10: laws of the signed approval, over random transactions: one text of bytes means one thing, and only what was asked is accepted. */
import { type ApprovalHeader, headerText, readApproval, statementText } from '@countersign/protocol/approve/approval.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AskedApproval, decideApproval } from './approval.ts'

const known = ['accept', 'deny', 'report']
const word = fc.string({ maxLength: 12, unit: 'binary' })
const header: fc.Arbitrary<ApprovalHeader> = fc.record(
  {
    typ: fc.constant('JWT' as const),
    alg: fc.constantFrom('RS512' as const, 'ES256' as const),
    purpose: fc.constantFrom('logon' as const, 'action' as const, 'dcs' as const),
    kind: fc.constantFrom('logon' as const, 'action' as const),
    tenant: word,
    transaction: word,
    device: word,
    number: fc.constantFrom('10', '42', '99'),
  },
  { requiredKeys: ['typ', 'alg', 'purpose', 'tenant', 'transaction', 'device'] },
)
const statement = fc.record({
  status: fc.oneof(fc.constantFrom(...known), word),
  tds: fc.oneof(word, fc.string({ unit: 'grapheme' })),
  counter: fc.integer({ min: 1, max: 1e15 - 1 }),
})
const transaction = fc.record({ header, statement })
type Transaction = typeof transaction extends fc.Arbitrary<infer T> ? T : never

const bytesOf = (one: Transaction) => `${headerText(one.header)}\u0000${statementText(one.statement)}`
const askedOf = ({ header: h, statement: s }: Transaction): AskedApproval => ({
  purpose: h.purpose,
  ...(h.kind === undefined ? {} : { kind: h.kind }),
  algorithm: h.alg,
  tenant: h.tenant,
  transaction: h.transaction,
  device: h.device,
  tds: s.tds,
  statuses: known,
  number: h.number,
})
const decide = (asked: AskedApproval, signed: Transaction, signatureFits = true) =>
  decideApproval(asked, {
    signatureFits,
    read: readApproval(headerText(signed.header), statementText(signed.statement)),
    counter: 0,
    known,
  })

describe('C10', () => {
  test('no two transactions are the same bytes', () => {
    fc.assert(
      fc.property(transaction, transaction, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other) || bytesOf(one) !== bytesOf(other)
        // Members may come in another order in the records; in the bytes they do not.
        expect(same || JSON.stringify(askedOf(one)) === JSON.stringify(askedOf(other))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('what is read is what was written, and no other spelling of it is', () => {
    fc.assert(
      fc.property(transaction, one => {
        const [head, payload] = [headerText(one.header), statementText(one.statement)]
        expect(readApproval(head, payload)).toEqual(one)
        for (const other of [
          ` ${payload}`,
          `${payload}\n`,
          payload.replace(':', ': '),
          payload.replace('{', '{"a":"b",'),
        ])
          expect(readApproval(head, other)).toBeUndefined()
        expect(readApproval(head.replace('"typ":"JWT",', ''), payload)).toBeUndefined()
        expect(readApproval(head.replace('{', '{"kid":"1",'), payload)).toBeUndefined()
      }),
    )
  })

  test('accepted for exactly what was asked: one other value anywhere, and it is not', () => {
    fc.assert(
      fc.property(transaction, fc.constantFrom(...known), word, (drawn, status, other) => {
        const one = { ...drawn, statement: { ...drawn.statement, status } }
        const asked = askedOf(one)
        expect(decide(asked, one).outcome).toBe('accepted')
        expect(decide(asked, one, false).outcome).toBe('rejected')
        for (const name of ['tenant', 'transaction', 'device', 'tds'] as const) {
          if (other !== asked[name]) expect(decide({ ...asked, [name]: other }, one).outcome).toBe('rejected')
        }
        for (const purpose of ['logon', 'action', 'dcs'] as const) {
          if (purpose !== asked.purpose) expect(decide({ ...asked, purpose }, one).outcome).toBe('rejected')
        }
        expect(decide({ ...asked, statuses: known.filter(s => s !== status) }, one).outcome).toBe('rejected')
      }),
    )
  })

  test('a wrong number, one that is missing and one that nobody asked for are never positive', () => {
    fc.assert(
      fc.property(transaction, fc.constantFrom('10', '42', '99', undefined), (drawn, number) => {
        const one = { ...drawn, statement: { ...drawn.statement, status: 'accept' } }
        fc.pre(number !== one.header.number)
        const decided = decide({ ...askedOf(one), number }, one)
        expect(decided).toMatchObject({ outcome: 'accepted', positive: false, status: 'deny', wrongNumber: true })
      }),
    )
  })

  test('a counter that is not above the last one is refused', () => {
    fc.assert(
      fc.property(transaction, fc.integer({ min: 0, max: 1e6 }), (drawn, more) => {
        const one = { ...drawn, statement: { ...drawn.statement, status: 'accept' } }
        const read = readApproval(headerText(one.header), statementText(one.statement))
        const counter = one.statement.counter + more
        expect(decideApproval(askedOf(one), { signatureFits: true, read, counter, known }).outcome).toBe('rejected')
      }),
    )
  })
})
