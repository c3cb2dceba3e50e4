/**
 * An invitation for a phone of a person of the demo, as `Device/Provision` makes it: a pending device of his, and PROV_MSG. From then on
 * he owns the phone as a second factor, so that a workflow which asks for it where it is owned does so.
 */
import { REGISTRATION_CHANNEL, REGISTRATION_POLICY } from '#administration/provision-online.ts'
import { type DemoFile, operator } from '#cli/demo-world.ts'
import type { Office } from '#cli/office.ts'
import { Fault, Refusal } from '#domain/refusal.ts'

const TYPE = 'DT_TDSV4'

export async function invitePhone(
  office: Office,
  { base, tenant: name }: DemoFile,
  externalId: string,
): Promise<string> {
  const { directory, users, authenticators, devices, provisions } = office
  const tenant = await directory.find(name)
  if (!tenant) throw new Fault('the demo tenant is not there')
  const user = await users.findNamed(tenant, externalId)
  if (user === undefined) throw new Fault(`there is no ${externalId}`)
  await authenticators.create(tenant, { user, policy: 'AT_PASA-2FA' }, operator).catch(unlessThere)
  const owner = { by: 'id', id: user } as const
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

function unlessThere(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'uniqueness')) throw error
}
