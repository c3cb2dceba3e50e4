/**
 * What the audit keeps of changes to users. Codes stay for ever; the name stands among the personal values, which can be
 * erased with the person. Which members changed is told by their codes, never by their values.
 */
import type { Administrator } from '#administration/change.ts'
import type { Changed } from '#administration/user-change.ts'
import type { AuditEvent } from '#domain/event.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { User } from '#domain/user.ts'

type Parameters = Readonly<Record<string, string | number>>
type Written = readonly Query[]

function eventOf(action: string, user: User, by: Administrator, parameters: Parameters = {}): AuditEvent {
  return {
    action,
    result: 'SUCCESS',
    actor: by.actor,
    user: user.id,
    parameters: { GRC: user.group, COI: by.correlation, ...parameters },
    personal: { USN: user.userName },
  }
}

const memberCodes = {
  externalId: 'EXTERNALID',
  userName: 'USERNAME',
  group: 'GROUP',
  active: 'ACTIVE',
  familyName: 'LASTNAME',
  givenName: 'FIRSTNAME',
  title: 'TITLE',
} as const

export const userEvents = {
  added(recorder: Recorder, tenant: Tenant, user: User, roles: readonly string[], by: Administrator): Written {
    const write = (event: AuditEvent) => recorder.record(tenant.number, event).queries
    return [
      ...write(eventOf('addUser', user, by)),
      ...roles.flatMap(role => write(eventOf('addRoleToUser', user, by, { ROC: role }))),
    ]
  },

  changed(
    recorder: Recorder,
    tenant: Tenant,
    before: User,
    { user, attributes }: Changed,
    roles: { readonly added: readonly string[]; readonly removed: readonly string[] },
    by: Administrator,
  ): Written {
    const write = (event: AuditEvent) => recorder.record(tenant.number, event).queries
    const members = (Object.keys(memberCodes) as (keyof typeof memberCodes)[]).filter(key => before[key] !== user[key])
    const codes = [...members.map(key => memberCodes[key]), ...attributes.keys()]
    const parameters = { TEXT1: codes.join(' ').slice(0, 1000), TEXT2: user.active ? 'active' : 'inactive' }
    return [
      ...(codes.length === 0 ? [] : write(eventOf('updateUser', user, by, parameters))),
      ...roles.added.flatMap(role => write(eventOf('addRoleToUser', user, by, { ROC: role }))),
      ...roles.removed.flatMap(role => write(eventOf('removeRoleFromUser', user, by, { ROC: role }))),
    ]
  },

  removed(recorder: Recorder, tenant: Tenant, user: User, by: Administrator): Written {
    return recorder.record(tenant.number, eventOf('deleteUser', user, by)).queries
  },
}
