/**
 * Phones for the rules of push approval: a user with an enrolled app of the SDK (in this process, its vault in memory), clients of
 * every way of being told, and what an attacker has who can read the app's memory: its keys and its calls, one by one.
 */
import { createECDH, randomBytes } from 'node:crypto'
import { headerText, statementText } from '@countersign/protocol/approve/approval.ts'
import { openApproveApp } from '@countersign/sdk/approve-app.ts'
import { signCompact } from '@countersign/sdk/compact-jws.ts'
import type { ApprovalRequest, Container } from '@countersign/sdk/container.ts'
import { type Invitation, readInvitation } from '@countersign/sdk/invitation.ts'
import { changeRegistration, heldRegistration } from '@countersign/sdk/registration.ts'
import { isSdkError } from '@countersign/sdk/sdk-error.ts'
import { type Call, signed } from '@countersign/sdk/signed-call.ts'
import type { Around } from '@countersign/sdk/surroundings.ts'
import { takeKey } from '@countersign/sdk/vault/key-keeping.ts'
import type { Entry, Registration, Vault } from '@countersign/sdk/vault/vault.ts'
import { vi } from 'vitest'
import { DeliveryWorker } from '#delivery/worker.ts'
import { type Query, rowsOf } from '#domain/ports/store.ts'
import { ask, type Invited, invite } from '../held-phone.ts'
import { basic, makeUser, type Reply, scim, send, token, type World } from '../world.ts'

export type Person = { readonly id: string; readonly name: string }

export interface Phone {
  readonly container: Container
  readonly around: Around
  readonly device: string
  readonly invited: Invited
  /** A signed call as the app would make it, whatever it is answered. */
  call(call: Call): Promise<Reply>
  /** Counts one on for each signature. */
  sign(request: Pick<ApprovalRequest, 'id' | 'purpose' | 'tds'>, forged?: Forgery): Promise<string>
  /** `scan`: the text of the QR code, for a request that names nobody. */
  send(id: string, jws: string, scan?: string): Promise<Reply>
  registration(): Promise<Registration>
}

/** What is signed instead of what should be. */
export interface Forgery {
  readonly use?: 'logon' | 'action'
  readonly status?: string
  readonly number?: string
  readonly header?: object
  /** The payload as text. */
  readonly payload?: (counter: number) => string
  readonly counter?: number
}

/** Keys that are never exported, as in a browser; gone with the process. */
export function memoryVault(): Vault {
  const entries = new Map<string, Entry>()
  const key = crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
    'wrapKey',
    'unwrapKey',
  ])
  return {
    keyProtection: 'browser',
    exportsKeys: false,
    deviceKey: () => key as Promise<CryptoKey>,
    list: async () => [...entries.values()],
    find: async id => entries.get(id),
    async change(id, step) {
      const next = step(entries.get(id))
      if (next) entries.set(id, next)
      else entries.delete(id)
      return next
    },
  }
}

export const surroundings = (world: World): Around => ({
  vault: memoryVault(),
  fetch,
  now_ms: () => world.now_seconds() * 1000,
})

export async function givePhone(world: World, bearer: string, userId: string, type = 'DT_TDSV4E'): Promise<Phone> {
  const invited = await invite(world, bearer, userId, type)
  return enrolled(world, readInvitation(invited.message), invited)
}

/** With the invitation as whoever holds it reads it. */
export async function enrolled(world: World, invitation: Invitation, invited: Invited): Promise<Phone> {
  const around = surroundings(world)
  const app = await openApproveApp(around)
  const container = await app.enrol(invitation, { name: 'Test phone', platform: 'node' })
  const { id, device } = container
  const call = async (one: Call) => {
    const { method, url, headers, body } = await signed(around, id, one)
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    return send(url, { method, headers: { ...headers, ...json }, ...(body === undefined ? {} : { body }) })
  }
  return {
    container,
    around,
    device,
    invited,
    call,
    async sign({ id: transaction, purpose, tds }, forged = {}) {
      const use = forged.use ?? purpose
      const held = await changeRegistration(around, id, one => ({ ...one, tx_counter: one.tx_counter + 1 }))
      const alg = held.policy.keys[use].algorithm
      const counter = forged.counter ?? held.tx_counter
      const number = forged.number === undefined ? {} : { number: forged.number }
      const about = { purpose, transaction, tenant: held.tenant, device, ...number }
      const header = headerText({ typ: 'JWT', alg, ...about, ...forged.header })
      const payload = forged.payload?.(counter) ?? statementText({ status: forged.status ?? 'accept', tds, counter })
      return signCompact(await takeKey(around.vault, held.keys, use), alg, header, payload)
    },
    send: (transaction, jws, scan) => call(answerCall(transaction, jws, scan)),
    registration: () => heldRegistration(around, id),
  }
}

export const answerCall = (id: string, jws: string, scan?: string): Call => ({
  method: 'POST',
  path: `/approve/v1/approvals/${id}/answer`,
  body: { jws, ...(scan === undefined ? {} : { scan }) },
  changes: true,
})

export async function givePersonWithPhone(world: World, bearer: string, type?: string) {
  const user: Person = await makeUser(world, bearer)
  return { user, phone: await givePhone(world, bearer, user.id, type) }
}

export interface TestClient {
  readonly id: string
  readonly bearer: string
  readonly user: string
  readonly authorization: string
}

/** A client of its own: registered, and given a role. */
export async function giveClient(world: World, bearer: string, metadata: object = {}): Promise<TestClient> {
  const made = await send(`${world.base}/${world.demo.tenant}/authn/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Bank',
      grant_types: ['client_credentials', 'password', 'urn:openid:params:grant-type:ciba'],
      hid_client_scopes: JSON.stringify({ scopes: ['openid', 'profile', 'hid-tx-sign'] }),
      ...metadata,
    }),
  })
  if (made.status !== 200) throw new Error(`no client was made: ${made.status} ${made.text}`)
  const { client_id: id, client_secret: secret } = made.body
  const found = await scim(world, bearer, 'POST', '/Users/.search', { filter: `externalId eq "${id}"` })
  const user = found.body.resources[0].id as string
  const given = await scim(world, bearer, 'PUT', `/Users/${user}`, { roles: [{ value: 'RL_CLIENTIDM2M' }] })
  if (given.status !== 200) throw new Error(`no role was given: ${given.text}`)
  return renewed(world, { id, bearer: '', user, authorization: basic(id, secret) })
}

/** With a token of now. */
export async function renewed(world: World, client: TestClient): Promise<TestClient> {
  const { authorization } = client
  const { body } = await token(world, { grant_type: 'client_credentials' }, { authorization })
  return { ...client, bearer: body.access_token }
}

export const collect = (world: World, bearer: string, auth_req_id: string): Promise<Reply> =>
  token(world, { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id }, { authorization: `Bearer ${bearer}` })

/** An open request and what the phone was shown of it. */
export async function opened(
  world: World,
  bearer: string,
  user: Person,
  phone: Phone,
  hint: Record<string, string> = {},
  more: Record<string, string> = {},
): Promise<{ handle: string; reply: Reply; request: ApprovalRequest }> {
  const reply = await ask(
    world,
    bearer,
    { usercode: user.name, deviceid: phone.device, tds: 'Log on to the bank', ...hint },
    more,
  )
  if (reply.status !== 200) throw new Error(`nothing was opened: ${reply.status} ${reply.text}`)
  const [newest] = (await phone.container.inbox()).requests
  if (!newest) throw new Error('nothing is in the inbox')
  return { handle: reply.body.auth_req_id, reply, request: await phone.container.retrieve(newest.id) }
}

/** The code with which an SDK call failed, or `ok`. */
export const codeOf = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'ok',
    error => (isSdkError(error) ? error.code : `${error}`),
  )

/** Straight at the rows: what no API does, or not so fast. */
export const rows = <Row>(world: World, query: Query<Row>): Promise<readonly Row[]> =>
  world.ground.store.write(1, () => rowsOf(query))

/** Keys as a browser's push service has them. */
export function wakeAt(endpoint: string) {
  const ecdh = createECDH('prime256v1')
  const p256dh = ecdh.generateKeys('base64url', 'uncompressed')
  return { kind: 'web-push', endpoint, p256dh, auth: randomBytes(16).toString('base64url') } as const
}

export interface Outbox {
  /** Nothing leaves meanwhile. */
  whileHeld<T>(act: () => Promise<T>): Promise<T>
  /** Resolves when everything that is due was tried. */
  settled(): Promise<void>
}

/** The delivery worker of the world that was started last. */
export async function outboxOf(): Promise<Outbox> {
  const seen = vi.spyOn(DeliveryWorker.prototype, 'tick')
  await within(5000, () => seen.mock.contexts.length > 0)
  const worker = seen.mock.contexts.at(-1) as DeliveryWorker
  seen.mockRestore()
  return {
    async whileHeld(act) {
      const held = vi.spyOn(DeliveryWorker.prototype, 'tick').mockResolvedValue()
      try {
        return await act()
      } finally {
        held.mockRestore()
      }
    },
    async settled() {
      for (let n = 0; n < 3; n++) {
        await worker.tick()
        await worker.idle()
      }
    },
  }
}

export const within = async (ms: number, holds: () => boolean | Promise<boolean>): Promise<boolean> => {
  const end = Date.now() + ms
  for (;;) {
    if (await holds()) return true
    if (Date.now() > end) return false
    await new Promise(later => setTimeout(later, 15))
  }
}
