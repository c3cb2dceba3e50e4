/** `countersign audit erase --tenant NAME --user ID`: takes a removed user's personal values out of the audit; the leaves stay. */
import type { OfficeCommand } from '#cli/command.ts'
import { type Office, TENANT_FLAG, tenantOf } from '#cli/office.ts'
import { idOf } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'

export const auditErase: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'audit erase',
  summary: 'Erases what the audit keeps of a person; the events still verify.',
  flags: [
    TENANT_FLAG,
    { name: 'user', value: 'ID', sentence: 'The id of the user, who was deleted before.', needed: true },
  ],

  async run(given, office) {
    const tenant = await tenantOf(given, office)
    const user = idOf(String(given.flags.user))
    if (user === undefined) throw new Refusal('invalid_value', '--user is the id of a user, a whole number.')
    await office.erasePerson(tenant, user)
    return {
      lines: [
        `Nothing personal of user ${user} is left in the audit of ${tenant.name}. Exports and backups made before still hold it.`,
      ],
      data: { tenant: tenant.name, user: String(user) },
    }
  },
}
