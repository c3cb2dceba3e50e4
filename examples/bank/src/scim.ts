/**
 * What the bank asks of the server's administration, in SCIM 2.0 with the bank's own bearer token: who the customer is there, which
 * phones he has, a new device for him and the invitation that turns a phone into that device. Before the first invitation it makes a
 * device type of its own, so that the app shows the bank's name and colour.
 */
import type { Configuration } from './configuration.ts'
import { type Connect, ownToken } from './server-connection.ts'

const STOCK_TYPE = 'DT_TDSV4'
const DEVICE_TYPE = `${STOCK_TYPE}_KESTREL`
const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'

export interface Invitation {
  /** Id of the provision; as `auth_req_id` it tells when the phone is registered. */
  readonly id: string
  /** PROV_MSG: for the QR code and the link. */
  readonly message: string
}

export interface Phone {
  readonly id: string
  readonly name: string
}

interface Resource {
  readonly id: string
  readonly friendlyName?: string
  readonly status?: { readonly status?: string }
  readonly attributes?: readonly { readonly name: string; readonly value: string }[]
}

export type Scim = ReturnType<typeof openScim>

export function openScim({ issuer }: Configuration, connect: Connect) {
  const { origin, host, pathname } = new URL(issuer)
  const tenant = pathname.split('/').at(-2) ?? ''
  const send = async (method: string, url: string, body?: object): Promise<Response> =>
    fetch(`${origin}${url}`, {
      method,
      headers: { authorization: `Bearer ${await ownToken(connect)}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await send(method, `/scim/${tenant}/v2/${path}`, body)
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
  const search = async (path: string, filter: string) =>
    ((await call('POST', `${path}/.search`, { filter, count: 50 })) as { resources: readonly Resource[] }).resources

  const findUser = async (externalId: string): Promise<string> => {
    const [user] = await search('Users', `externalId eq ${JSON.stringify(externalId)}`)
    if (!user) throw new Error(`the server does not know ${externalId}`)
    return user.id
  }

  const assertDeviceType = async (): Promise<void> => {
    const response = await send('POST', `/configuration/${tenant}/v2/Device/Type`, {
      ...{ copyFrom: STOCK_TYPE, id: DEVICE_TYPE, name: 'Kestrel Bank app' },
      [PUSH]: { serviceName: 'Kestrel Bank', colour: '#9c4420' },
    })
    // 409: an earlier invitation made it.
    if (response.ok || response.status === 409) return
    throw new Error(`no device type was made: ${response.status} ${await response.text()}`)
  }

  return {
    async phonesOf(customer: string): Promise<readonly Phone[]> {
      const owner = await findUser(customer)
      const devices = await search('Device', `owner.value eq ${owner} and type sw ${STOCK_TYPE}`)
      const active = devices.filter(({ status }) => status?.status === 'ACTIVE')
      return active.map(({ id, friendlyName = 'Phone' }) => ({ id, name: friendlyName }))
    },

    async findPhone(id: string): Promise<Phone> {
      const device = (await call('GET', `Device/${encodeURIComponent(id)}`)) as Resource
      return { id, name: device.friendlyName ?? 'Phone' }
    },

    /** As the server's documentation has it: whose, a pending device, bound to him, and the invitation. */
    async invite(customer: string): Promise<Invitation> {
      await assertDeviceType()
      const owner = { value: await findUser(customer) }
      const externalId = `kestrel-${crypto.randomUUID()}`
      const pending = { type: DEVICE_TYPE, externalId, status: { status: 'PENDING' } }
      const device = (await call('POST', 'Device', pending)) as Resource
      await call('PUT', `Device/${device.id}`, { owner })
      const made = (await call('POST', 'Device/Provision', {
        deviceType: DEVICE_TYPE,
        description: `did=${device.id},url=${host}/${tenant},pch=CH_TDSPROV,pth=AT_TDSOOB,mod=GEN,sec=`,
        attributes: [{ name: 'AUTH_TYPE', value: 'AT_SMK' }],
        owner,
      })) as Resource
      const message = made.attributes?.find(({ name }) => name === 'PROV_MSG')?.value
      if (message === undefined) throw new Error('the server made no invitation')
      return { id: made.id, message }
    },
  }
}
