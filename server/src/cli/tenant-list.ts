/** `countersign tenant list`: the tenants of this store. */
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'

export const tenantList: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'tenant list',
  summary: 'Lists the tenants.',

  async run(_, { tenants }) {
    const rows = await tenants.list()
    return {
      lines: rows.map(
        ({ name, status, createdAt }) => `${name}  ${status}  since ${new Date(createdAt).toISOString()}`,
      ),
      data: rows,
    }
  },
}
