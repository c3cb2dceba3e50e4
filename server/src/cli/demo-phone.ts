/** An invitation for a phone of a person of the demo, as `Device/Provision` makes it: a pending device of his, and PROV_MSG. */
import { REGISTRATION_CHANNEL, REGISTRATION_POLICY } from '#administration/provision-online.ts'
import { type DemoFile, operator } from '#cli/demo-world.ts'
import type { Office } from '#cli/office.ts'
import { Fault } from '#domain/refusal.ts'

const TYPE = 'DT_TDSV4'

export async function invitePhone(
  office: Office,
  { base, tenant: name }: DemoFile,
  externalId: string,
): Promise<string> {
  const { directory, devices, provisions } = office
  const tenant = await directory.find(name)
  if (!tenant) throw new Fault('the demo tenant is not there')
  const owner = { by: 'name', name: externalId } as const
  const { id } = await devices.create(tenant, { type: TYPE, status: 'PENDING', owner }, operator)
  const { message } = await provisions.invite(
    tenant,
    {
      device: id,
      deviceType: TYPE,
      service: `${new URL(base).host}/${name}`,
      channel: REGISTRATION_CHANNEL,
      policy: REGISTRATION_POLICY,
      callbackUrl: undefined,
      notifyToken: undefined,
      description: '',
    },
    operator,
  )
  return message
}
