/** People who own every factor of the samples, and what was sent to them: read in the outbox, from where nothing leaves meanwhile. */
import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import { Inbox } from '#cli/inbox.ts'
import { DeliveryWorker } from '#delivery/worker.ts'
import { codePlace } from '#domain/oob.ts'
import type { Tenant } from '#domain/tenant.ts'
import { givePhone, type Phone } from '../approve/phones.ts'
import { action } from '../oob/people.ts'
import {
  clientToken,
  type EngineName,
  giveAuthenticator,
  giveToken,
  type HeldToken,
  hotpOf,
  makeUser,
  scim,
  startWorld,
  type World,
} from '../world.ts'
import { ask, TENANT } from './rows.ts'

export const PASSWORDS = {
  AT_CUSTPWD: 'Kw7-bdfhjmqvxZ',
  AT_TEMPPWD: 'Tm4-xrwqzkhnvB',
  AT_EMPPIN: '73619204',
  AT_EMPPWD: 'Ep6-tzrwqvkmhx',
} as const
export const ACTIVATION = 'Ac40918'

export type Owned = keyof typeof PASSWORDS | 'AT_CUSTOTP' | 'AT_OOB' | 'phone'

export interface SomeBody {
  readonly name: string
  readonly id: string
  readonly token: HeldToken | undefined
  readonly phone: Phone | undefined
}

export interface SignInWorld {
  readonly world: World
  readonly bearer: string
  readonly tenant: Tenant
  person(...owned: readonly Owned[]): Promise<SomeBody>
  /** The code that is open for him; undefined where there is none. */
  oobCode(person: Pick<SomeBody, 'id'>): Promise<string | undefined>
  /** Of the newest message. */
  resetCode(): Promise<string>
  close(): Promise<void>
}

export async function startSignIn(
  engine: EngineName = 'SQLite',
  more: Record<string, string> = {},
): Promise<SignInWorld> {
  const held = vi.spyOn(DeliveryWorker.prototype, 'tick').mockResolvedValue()
  const world = await startWorld(engine, more, new Inbox())
  const bearer = await clientToken(world)
  const tenant = await world.office.directory.find(world.demo.tenant)
  if (!tenant) throw new Error('no demo tenant')
  return {
    ...{ world, bearer, tenant },
    person: (...owned) => personWith(world, bearer, owned),
    async oobCode({ id }) {
      const [row] = await ask<{ id: number; body: Uint8Array | null }>(
        world,
        'select id as "id", body as "body" from oob_code where tenant_number = ?1 and user_id = ?2',
        TENANT,
        Number(id),
      )
      if (!row?.body) return undefined
      return JSON.parse(Buffer.from(tenant.sealer.unseal(codePlace(row.id), row.body)).toString()).code
    },
    async resetCode() {
      const [row] = await ask<{ id: number; body: Uint8Array }>(
        world,
        `select id as "id", body as "body" from outbox where tenant_number = ?1 and kind = 'message' order by id desc limit 1`,
        TENANT,
      )
      if (!row) throw new Error('nothing was sent')
      const place = { table: 'outbox', column: 'body', row: String(row.id) }
      const { text } = JSON.parse(Buffer.from(tenant.sealer.unseal(place, row.body)).toString())
      return /\b\d{8}\b/.exec(text)?.[0] ?? ''
    },
    async close() {
      held.mockRestore()
      await world.close()
    },
  }
}

async function personWith(world: World, bearer: string, owned: readonly Owned[]): Promise<SomeBody> {
  const name = `${randomUUID().slice(0, 13)}@example.org`
  const mobile = `+4470${String(parseInt(name.slice(0, 8), 16) % 1e8).padStart(8, '0')}`
  const { id } = await makeUser(world, bearer, name)
  await made(
    scim(world, bearer, 'PUT', `/Users/${id}`, { emails: [{ value: name }], phoneNumbers: [{ value: mobile }] }),
  )
  const about = (policy: string) => ({ policy: { value: policy }, owner: { value: id } })
  for (const policy of owned) {
    if (policy === 'phone' || policy === 'AT_CUSTOTP') continue
    const how =
      policy === 'AT_OOB'
        ? { activationCode: ACTIVATION, ...action('REGISTER-OOB', { OOB_DEVICETYPE_CODE: 'DT_OOB' }) }
        : { 'urn:hid:scim:api:idp:2.0:Password': { username: name, password: PASSWORDS[policy] } }
    await made(scim(world, bearer, 'POST', '/Authenticator', { ...about(policy), ...how }))
  }
  const otp = owned.includes('AT_CUSTOTP')
  if (otp) await giveAuthenticator(world, bearer, id, 'AT_CUSTOTP')
  return {
    ...{ name, id },
    token: otp ? await giveToken(world, bearer, id, 'DT_POCK_OE') : undefined,
    phone: owned.includes('phone') ? await givePhone(world, bearer, id) : undefined,
  }
}

async function made(asked: ReturnType<typeof scim>): Promise<void> {
  const { status, text } = await asked
  if (status > 201) throw new Error(`${status} ${text}`)
}

/** The first code of his token; a test puts its counter back. */
export const otpOf = ({ token }: SomeBody): string => (token ? hotpOf(token.seed, 0) : '000000')
