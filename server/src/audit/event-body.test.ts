/** The hand-written canonical form against its definition (RFC 8785: sorted members, no blanks), and what may not get in. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '#domain/event.ts'
import { HAPPENINGS_START } from '#domain/ids.ts'
import { commitmentTo, eventBody, keptText, leafOf } from './event-body.ts'

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

describe('an event body', () => {
  it('is this text, for ever: a change would break every tree there is', () => {
    const event: AuditEvent = {
      action: 'primaryAuthenticateUP',
      result: 'FAILURE',
      severity: 'Alert',
      reason: 'replayed',
      actor: { kind: 'client', id: 'spl-api' },
      user: 11072,
      parameters: { DID: 96743, ATC: 'AT_OTP' },
    }
    const body = eventBody(7, 8192 * 1000 + 256, event, { USN: 'abc' })
    expect(body).toBe(
      '{"action":"primaryAuthenticateUP","actor":{"id":"spl-api","kind":"client"},"at":1767225601000,"id":8192256,' +
        '"parameters":{"ATC":"AT_OTP","DID":96743},"personal":{"USN":"abc"},"reason":"replayed","result":"FAILURE",' +
        '"severity":"Alert","tenant":7,"user":11072}',
    )
    expect(HAPPENINGS_START + 1000).toBe(1767225601000)
    expect(Buffer.from(leafOf(new Uint8Array(16), body)).toString('hex')).toBe(
      '4d8a128584e2c6d8a67478e12e996bc6cf9f241b344bfad41d6eefe0425057f6',
    )
  })

  it('is canonical whatever the texts are', () => {
    const texts = fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.string({ unit: 'binary' }), fc.integer()), {
      maxKeys: 20,
    })
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), texts, fc.nat(), (action, parameters, user) => {
        const body = eventBody(
          1,
          8192,
          { action, result: 'SUCCESS', actor: { kind: 'user', id: user }, parameters },
          undefined,
        )
        expect(body).toBe(canonical(JSON.parse(body)))
      }),
    )
  })

  it('has bounds', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`P${i}`, i]))
    const event: AuditEvent = { action: 'a', result: 'SUCCESS', actor: { kind: 'system' }, parameters: many }
    expect(() => eventBody(1, 1, event, undefined)).toThrow('more than 32')
    expect(keptText('x'.repeat(10_000))).toHaveLength(256)
    expect(keptText(`${'x'.repeat(254)}😀y`)).toBe(`${'x'.repeat(254)}�…`)
    expect(keptText('a\0b')).toBe('a�b')
  })

  it('binds a personal value by its name and salt', () => {
    const salt = new Uint8Array(16)
    const all = [
      commitmentTo(salt, 'USN', 'x'),
      commitmentTo(salt, 'USNx', ''),
      commitmentTo(salt, 'US', 'Nx'),
      commitmentTo(new Uint8Array(16).fill(1), 'USN', 'x'),
    ]
    expect(new Set(all).size).toBe(4)
  })
})
