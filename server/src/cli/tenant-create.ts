/** `countersign tenant create NAME`: a new tenant, with a machine client that may do everything in it. */
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'

export const tenantCreate: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'tenant create',
  summary: 'Makes a tenant and its first client; shows the client secret once.',
  takes: ['NAME'],

  async run({ words: [name = ''] }, { tenants, clients, directory }) {
    const row = await tenants.create(name)
    const tenant = await directory.find(name)
    if (!tenant) throw new Error('the tenant that was just made is not there')
    const client = await clients.register(tenant, {
      name: 'first client',
      role: 'RL_CLIENTIDM2M',
      scopes: ['openid', 'profile', 'hid-tx-sign'],
    })
    return {
      lines: [
        `Tenant ${row.name} is there.`,
        `Client id:     ${client.clientId}`,
        `Client secret: ${client.secret}   (shown this once)`,
      ],
      data: { tenant: row.name, client_id: client.clientId, client_secret: client.secret },
    }
  },
}
