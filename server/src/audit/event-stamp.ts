/**
 * Makes the rows of one event: id, salt, body, leaf and MAC. The MAC binds the leaf to its run and number under a key
 * that is not in the database: who can only write to the database can neither invent an event nor move one.
 */
import { assertFew, commitmentTo, eventBody, keptText, leafOf } from '#audit/event-body.ts'
import { EventMac } from '#audit/event-mac.ts'
import type { AuditEvent } from '#domain/event.ts'
import type { Happenings, TenantNumber } from '#domain/ids.ts'
import type { AuditPersonal, AuditRow } from '#domain/ports/audit-log.ts'
import type { Random } from '#domain/ports/random.ts'

const SALT_BYTES = 16

type Needs = { readonly happenings: Happenings; readonly random: Random; readonly macKey: Uint8Array }

export class EventStamp {
  readonly #happenings: Happenings
  readonly #random: Random
  readonly #mac: EventMac

  constructor({ happenings, random, macKey }: Needs) {
    this.#happenings = happenings
    this.#random = random
    this.#mac = new EventMac(macKey)
  }

  rows(tenant: TenantNumber, run: number, number: number, event: AuditEvent): [AuditRow, readonly AuditPersonal[]] {
    const id = this.#happenings.next()
    const personal: AuditPersonal[] = []
    let commitments: Record<string, string> | undefined
    if (event.personal !== undefined) {
      assertFew(event.personal)
      commitments = {}
      const user = event.user ?? (event.actor.kind === 'user' ? event.actor.id : 0)
      for (const name of Object.keys(event.personal)) {
        const value = keptText(event.personal[name]!)
        const salt = this.#random.bytes(SALT_BYTES)
        personal.push({ tenant, event: id, user, name, value, salt })
        commitments[name] = commitmentTo(salt, name, value)
      }
    }
    const body = eventBody(tenant, id, event, commitments)
    const salt = this.#random.bytes(SALT_BYTES)
    const leaf = leafOf(salt, body)
    return [{ tenant, id, run, number, leaf, salt, mac: this.#mac.of(run, number, leaf), body }, personal]
  }

  /** Whether somebody who holds the key gave this leaf this number. */
  stamped(event: Pick<AuditRow, 'run' | 'number' | 'leaf' | 'mac'>): boolean {
    return Buffer.from(event.mac).equals(this.#mac.of(event.run, event.number, event.leaf))
  }
}
