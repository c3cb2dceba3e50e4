/**
 * The bytes an event's leaf stands for: canonical JSON (RFC 8785: members sorted, no blanks), written by hand in the
 * order of the alphabet because this runs in every deciding unit. Personal values are not in it: each is bound by
 * SHA-256(salt ‖ name ‖ 0x00 ‖ value), so that erasing value and salt leaves the leaf as it was.
 */
import { hash } from 'node:crypto'
import type { Actor, AuditEvent } from '#domain/event.ts'
import type { EventId, TenantNumber } from '#domain/ids.ts'
import { happenedAt } from '#domain/ids.ts'
import { Fault } from '#domain/refusal.ts'

const MAX_VALUES = 32
const MAX_LENGTH = 256

export function eventBody(
  tenant: TenantNumber,
  id: EventId,
  event: AuditEvent,
  commitments: Readonly<Record<string, string>> | undefined,
): string {
  const { actor, parameters, reason, user } = event
  return (
    `{"action":${text(event.action)},"actor":${actorJson(actor)},"at":${happenedAt(id)},"id":${id}` +
    (parameters === undefined ? '' : `,"parameters":${sortedJson(parameters)}`) +
    (commitments === undefined ? '' : `,"personal":${sortedJson(commitments)}`) +
    (reason === undefined ? '' : `,"reason":${text(reason)}`) +
    `,"result":"${event.result}","severity":"${event.severity ?? 'Info'}","tenant":${tenant}` +
    `${user === undefined ? '' : `,"user":${user}`}}`
  )
}

/** What a value becomes before it is kept: at most 256 characters, without what PostgreSQL cannot store. */
export function keptText(value: string): string {
  const short = value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH - 1)}…` : value
  // A slice can cut a surrogate pair in half; a stranger's text may hold halves from the start.
  return /[\0\p{Surrogate}]/u.test(short) ? short.replace(/[\0\p{Surrogate}]/gu, '\uFFFD') : short
}

/** Base64url of the commitment to a personal value. */
export function commitmentTo(salt: Uint8Array, name: string, value: string): string {
  return hash('sha256', Buffer.concat([salt, Buffer.from(`${name}\0${value}`, 'utf8')]), 'base64url')
}

/** SHA-256(0x00 ‖ salt ‖ body). */
export function leafOf(salt: Uint8Array, body: string): Uint8Array {
  const length = Buffer.byteLength(body, 'utf8')
  const bytes = Buffer.allocUnsafe(1 + salt.length + length)
  bytes[0] = 0
  bytes.set(salt, 1)
  bytes.write(body, 1 + salt.length, length, 'utf8')
  return hash('sha256', bytes, 'buffer')
}

/** Checked for every event, so that a growing object handed in by mistake is found on its first day. */
export function assertFew(values: object): void {
  if (Object.keys(values).length > MAX_VALUES) throw new Fault(`an audit event has more than ${MAX_VALUES} values`)
}

function actorJson(actor: Actor): string {
  if (actor.kind === 'client') return `{"id":${text(actor.id)},"kind":"client"}`
  return actor.kind === 'user' ? `{"id":${actor.id},"kind":"user"}` : `{"kind":"${actor.kind}"}`
}

function text(value: string): string {
  return JSON.stringify(keptText(value))
}

function sortedJson(values: Readonly<Record<string, string | number>>): string {
  assertFew(values)
  const members = Object.keys(values)
    .sort()
    .map(name => {
      const value = values[name]!
      return `${JSON.stringify(name)}:${typeof value === 'number' ? JSON.stringify(value) : text(value)}`
    })
  return `{${members.join(',')}}`
}
