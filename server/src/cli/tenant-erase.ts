/** `countersign tenant erase NAME --yes`: closes a tenant, destroys its keys and deletes its rows. The audit's tree stays. */
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { Refusal } from '#domain/refusal.ts'

export const tenantErase: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'tenant erase',
  summary: 'Deletes a tenant with all its users, devices and keys. Cannot be undone.',
  takes: ['NAME'],
  flags: [{ name: 'yes', sentence: 'Yes, erase it.' }],

  async run({ words: [name = ''], flags }, { erasure }) {
    if (flags.yes !== true) {
      throw new Refusal(
        'invalid_request',
        `This cannot be undone. Say it again with --yes: countersign tenant erase ${name} --yes`,
      )
    }
    const { number, rows } = await erasure.erase(name)
    return {
      lines: [
        `Tenant ${name} is erased: ${rows} rows. Its events stay in the audit without personal values.`,
        'Backups and exports made before still hold it: delete them when their time has come.',
      ],
      data: { tenant: name, number, rows },
    }
  },
}
