/** Two tenants on one server, furnished alike: the same names of users, devices and clients, and different ids. */
import { invite } from '../held-phone.ts'
import {
  api,
  clientToken,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  scim,
  token,
  type World,
} from '../world.ts'

export const NEIGHBOUR = 'neighbour'
/** Stands in names that only the neighbour uses. */
export const MARK = 'OnlyOfTheNeighbour'
export const TWIN = 'twin@test.example'
export const TWIN_DEVICE = 'TWIN0001-1'

/** Everything of one tenant, by what an endpoint's id may be. */
export interface Side {
  readonly world: World
  readonly bearer: string
  readonly user: { readonly id: string; readonly name: string }
  readonly userToken: string
  readonly password: string
  readonly seed: Buffer
  readonly device: string
  readonly serial: string
  readonly credential: string
  readonly authenticator: string
  readonly import: string
  /** Documents of its own. */
  readonly deviceType: string
  readonly credentialType: string
  readonly gateway: string
  readonly policy: string
  readonly mail: string
  readonly sms: string
  readonly template: string
  readonly workflow: string
  readonly theme: string
  readonly cards: string
  /** Of an invitation that is open. */
  readonly provision: string
}

/** Furnishes the demo tenant and a neighbour of it. */
export async function twoTenants(world: World): Promise<{ readonly mine: Side; readonly theirs: Side }> {
  await world.office.tenants.create(NEIGHBOUR)
  const tenant = await world.office.directory.find(NEIGHBOUR)
  if (!tenant) throw new Error('no neighbour')
  const client = { name: 'demo client', role: 'RL_CLIENTIDM2M', scopes: ['openid', 'profile', 'hid-tx-sign'] }
  const { clientId: client_id, secret: client_secret } = await world.office.clients.register(tenant, client)
  const there: World = { ...world, demo: { ...world.demo, tenant: NEIGHBOUR, client: { client_id, client_secret } } }
  const bearer = await clientToken(there)
  // More users there, so that the ids of the neighbour are none of ours.
  for (let n = 0; n < 60; n++) await makeUser(there, bearer, `${MARK}-${n}`)
  const theirs = await furnished(there)
  await scim(there, bearer, 'PUT', `/Users/${theirs.user.id}`, { title: MARK })
  await scim(there, bearer, 'PUT', `/Device/${theirs.device}`, { friendlyName: MARK })
  return { mine: await furnished(world), theirs }
}

async function furnished(where: World): Promise<Side> {
  const bearer = await clientToken(where)
  const user = await makeUser(where, bearer, TWIN)
  const password = await givePassword(where, bearer, user.id)
  await giveAuthenticator(where, bearer, user.id)
  const { seed } = await giveToken(where, bearer, user.id, 'DT_POCK_OT')
  const content = Buffer.from(
    `serial,slot,algorithm,seed_hex,digits\nTWIN0001,1,TOTP,${seed.toString('hex')},6\n`,
  ).toString('base64')
  const made = await scim(where, bearer, 'POST', '/Device/.import', {
    deviceType: 'DT_AD_OT',
    fileName: 'a.csv',
    content,
  })
  const device = made.body.resources[0]
  await scim(where, bearer, 'PUT', `/Device/${device.id}`, { owner: { value: user.id } })
  const login = { grant_type: 'password', username: TWIN, password, authType: 'AT_STDPWD' }
  const userToken = (await token(where, login, { authorization: `Bearer ${bearer}` })).body.access_token
  return {
    world: where,
    bearer,
    user,
    userToken,
    password,
    seed,
    device: device.id,
    serial: device.externalId,
    credential: device.children[0].value,
    authenticator: `${user.id}.AT_OTP`,
    import: made.body.import.id,
    provision: (await invite(where, bearer, user.id)).provision,
    ...(await ownDocuments(where, bearer)),
  }
}

async function ownDocuments(where: World, bearer: string) {
  const { tenant } = where.demo
  const letter = tenant === NEIGHBOUR ? 'N' : 'M'
  const own = {
    ...{ deviceType: `DT_OWN_${letter}`, credentialType: `CT_OWN_${letter}`, policy: `AT_OWN_${letter}` },
    ...{ gateway: `Own${letter}`, mail: `Mail${letter}`, sms: `Sms${letter}`, template: `TEXT_OWN_${letter}` },
    ...{ workflow: `ID_OWN_${letter}`, theme: `ID_THEME_${letter}`, cards: `APP_OWN_${letter}` },
  }
  const notes = tenant === NEIGHBOUR ? MARK : 'ours'
  const sms = {
    preset: 'json-bearer',
    url: 'https://sms.example/',
    sender: 'ours',
    secrets: { key: `key of ${letter}` },
  }
  const criteria = { accessCriteria: [{ accessCriteriaId: 'all' }] }
  const documents: [string, object][] = [
    ['Credential/Type', { id: own.credentialType, copyFrom: 'CT_TDSV4', notes }],
    ['Device/Type', { id: own.deviceType, copyFrom: 'DT_TDSV4', notes }],
    ['Policy/Authenticator', { id: own.policy, copyFrom: 'AT_STDPWD', notes }],
    ['DeliveryGateway/Push', { id: own.gateway, enabled: false, notes }],
    ['DeliveryGateway/Mail', { id: own.mail, host: 'smtp.example', from: 'a@b.example', enabled: false, notes }],
    ['DeliveryGateway/Sms', { id: own.sms, ...sms, enabled: false, notes }],
    ['MessageTemplate', { id: own.template, purpose: 'oob', method: 'sms', language: 'fr', text: '{$secret}', notes }],
    ['Custo/IDPWorkflows', { id: own.workflow, payload: { ...criteria, firstFactors: [], notes } }],
    ['Application/CardAuth', { id: own.cards, type: 'Seos', notes }],
    ['Custo/IDPThemes', { id: own.theme, payload: { name: notes, ui: {}, localization: {} } }],
  ]
  for (const [path, document] of documents) {
    const { status, text } = await api(where, bearer, 'POST', `/configuration/${tenant}/v2/${path}`, document)
    if (status !== 201) throw new Error(`no document was made: ${status} ${text}`)
  }
  return own
}
