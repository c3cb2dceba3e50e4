/**
 * Clients of the example bank and people who sign in there, one for each way (see `demo-samples.ts`). Made once per home, also in a
 * home that was made before there were any; the secrets go to `demo.json`.
 */
import { installDocuments, samplesAreHere } from '#cli/demo-documents.ts'
import { type DemoPerson, nameOf, type Sample, type SignIns, samples, type Way, ways } from '#cli/demo-samples.ts'
import { BANK, type DemoWorld, imported, newPassword, operator, registered } from '#cli/demo-world.ts'
import type { Office } from '#cli/office.ts'
import type { UserId } from '#domain/ids.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const DAY_MS = 86_400_000
const SERIAL = '0900000003'
/** The bank may listen on any port: of a native application the port is not compared (RFC 8252 section 7.3). */
const BACK = 'http://127.0.0.1/signed-in'

export async function furnishSignIns(office: Office, world: DemoWorld): Promise<DemoWorld> {
  if (world.content.sign_ins || !samplesAreHere()) return world
  const bare = await office.directory.find(world.content.tenant)
  if (!bare) throw new Fault('the demo tenant is not there')
  const tenant = await installDocuments(office, bare, operator)
  const made: SignIns['ways'][number][] = []
  for (const way of ways) made.push(await clientOf(office, tenant, way))
  const people: DemoPerson[] = []
  for (const sample of samples) people.push(await personOf(office, tenant, sample))
  return world.adding({ ways: made, people })
}

async function clientOf(office: Office, tenant: Tenant, way: Way): Promise<SignIns['ways'][number]> {
  const { id, title, about, workflow, formPost } = way
  const client = await registered(office, tenant, {
    name: BANK,
    role: 'RL_OPENIDCLIENT',
    scopes: ['openid', 'profile', 'email'],
    authMethod: 'client_secret_post',
    redirectUris: [BACK],
    responseTypes: ['code', 'code id_token'],
    applicationType: 'native',
    ...(workflow === undefined ? {} : { workflowId: workflow }),
    ...(way.consent ? { consentPrompt: true } : {}),
    ...(way.numberMatching ? { numberMatching: true } : {}),
  })
  return {
    ...{ id, title, about },
    ...(workflow === undefined ? {} : { workflow }),
    ...(formPost ? { form_post: true } : {}),
    ...client,
  }
}

async function personOf(office: Office, tenant: Tenant, sample: Sample): Promise<DemoPerson> {
  const { users, authenticators, random, foundations } = office
  const externalId = nameOf(sample)
  const values = new Map<string, readonly string[]>([
    ['EXTERNALID', [externalId]],
    ['FIRSTNAME', [sample.name]],
    ['ATR_EMAIL', [externalId]],
    ['ATR_MOBILE', [mobileOf(sample)]],
  ])
  const { id: user } = await users.create(
    tenant,
    { userName: externalId, values, group: 'UG_ROOT', roles: [] },
    operator,
  )
  const now_ms = foundations.clock.now()
  const over = sample.expired ? { startAt_ms: now_ms - 30 * DAY_MS, expiryAt_ms: now_ms - DAY_MS } : {}
  const [policy] = sample.passwords ?? []
  const password = policy === undefined ? undefined : newPassword(random)
  if (policy !== undefined) await authenticators.create(tenant, { user, policy, password, ...over }, operator)
  return {
    externalId,
    ...(password === undefined ? {} : { password }),
    ...(await possessions(office, tenant, sample, user)),
  }
}

async function possessions(
  office: Office,
  tenant: Tenant,
  { owns }: Sample,
  user: UserId,
): Promise<Pick<DemoPerson, 'token' | 'activation_code'>> {
  const { authenticators, devices, random } = office
  const enrol = (policy: string, activationCode?: string) => {
    const registration = { deviceType: 'DT_OOB', credentialType: undefined, activationCode }
    const oob = policy === 'AT_OOB' ? { registration } : {}
    return authenticators.create(tenant, { user, policy, ...oob }, operator)
  }
  switch (owns) {
    case 'token': {
      await enrol('AT_CUSTOTP')
      const { device, token } = await imported(office, tenant, 'DT_POCK_OT', SERIAL, 1)
      await devices.update(tenant, { id: device }, { owner: { by: 'id', id: user } }, operator)
      return { token }
    }
    case 'code':
      await enrol('AT_OOB')
      return {}
    case 'activated code': {
      const activation_code = newPassword(random).slice(0, 8)
      await enrol('AT_OOB', activation_code)
      return { activation_code }
    }
    default:
      return {}
  }
}

/** Of the range that Ofcom keeps for drama: nobody's. */
const mobileOf = (sample: Sample) => `+447700900${String(100 + samples.indexOf(sample))}`
