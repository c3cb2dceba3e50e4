/** A user with the app in a browser against a whole server: what the journeys share. */
import { randomBytes } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { encode } from 'uqr'
import { expect } from 'vitest'
import { ask, type Invited, invite } from '../../server/test/held-phone.ts'
import { api, clientToken, makeUser, type Reply, startWorld, token, type World } from '../../server/test/world.ts'
import { freePort } from '../../tools/free-port.ts'
import { type AppInBrowser, faultsOf, startApp } from './app-in-browser.ts'

const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'
const CIBA = 'urn:openid:params:grant-type:ciba'

export interface Journey {
  readonly world: World
  readonly app: AppInBrowser
  /** Of the demo client. */
  readonly bearer: string
  close(): Promise<void>
}

export interface Account extends Invited {
  readonly context: BrowserContext
  readonly page: Page
  readonly user: string
  readonly userId: string
}

export async function startJourney(chromiumArguments: string[] = []): Promise<Journey> {
  const port = await freePort()
  const world = await startWorld('SQLite', { COUNTERSIGN_APPROVE_URL: `http://localhost:${port}` })
  const app = await startApp(port, [world.base], chromiumArguments)
  return {
    world,
    app,
    bearer: await clientToken(world),
    async close() {
      await app.close()
      await world.close()
    },
  }
}

/** A device type of this test's own, with what is changed of the stock one. */
export async function makeType({ world, bearer }: Journey, push: object): Promise<string> {
  const id = `DT_${randomBytes(4).toString('hex').toUpperCase()}`
  const path = `/configuration/${world.demo.tenant}/v2/Device/Type`
  const { status, text } = await api(world, bearer, 'POST', path, { copyFrom: 'DT_TDSV4E', id, [PUSH]: push })
  if (status !== 201) throw new Error(`no device type was made: ${status} ${text}`)
  return id
}

/** The bearer of a client whose requests always carry a number. */
export async function numberClient({ world }: Journey): Promise<string> {
  const tenant = await world.office.directory.find(world.demo.tenant)
  if (!tenant) throw new Error('no demo tenant')
  const scopes = ['openid', 'hid-tx-sign']
  const wanted = { name: 'Example Bank', role: 'RL_CLIENTIDM2M', scopes, numberMatching: true }
  const { clientId, secret } = await world.office.clients.register(tenant, wanted)
  const asked = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret ?? '' }
  return (await token(world, asked)).body.access_token
}

export const inviteLink = (message: string) => `#invite=${Buffer.from(message).toString('base64url')}`

/** A new user with an invitation that was opened by its link in a fresh browser, up to the screen that says what it is. */
export async function invitedIn(journey: Journey, type = 'DT_TDSV4E'): Promise<Account> {
  const { world, bearer, app } = journey
  const { id: userId, name: user } = await makeUser(world, bearer)
  const invited = await invite(world, bearer, userId, type)
  const { context, page } = await app.open()
  await page.goto(`${app.origin}/${inviteLink(invited.message)}`)
  await page.getByText('This is the first account of').waitFor()
  return { ...invited, context, page, user, userId }
}

export async function enrolled(journey: Journey, type?: string): Promise<Account> {
  const account = await invitedIn(journey, type)
  await account.page.getByRole('button', { name: 'Add account' }).click()
  await account.page.getByText('This device is ready.').waitFor()
  await account.page.getByRole('link', { name: 'Done' }).click()
  await account.page.getByText('Nothing is waiting.').waitFor()
  return account
}

export async function payment({ world, bearer }: Journey, user: string, tds: string, by = bearer) {
  const { body, status, text } = await ask(world, by, { usercode: user, authpol: 'AT_TDS', tds })
  expect(status, text).toBe(200)
  return body as { auth_req_id: string; number?: string }
}

/** What the user signed, as the client gets it. */
export async function signedStatus({ world, bearer }: Journey, auth_req_id: string, by = bearer): Promise<string> {
  const reply = await token(world, { grant_type: CIBA, auth_req_id }, { authorization: `Bearer ${by}` })
  return statusIn(reply)
}

function statusIn({ status, body, text }: Reply): string {
  if (status !== 200) throw new Error(text)
  const part = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
  return part(part(body.id_token).JWS).clientapprovalstatus
}

/** Every screen of a journey is looked at; with COUNTERSIGN_SHOTS also by people. */
export async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.COUNTERSIGN_SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  expect(await faultsOf(page), name).toEqual([])
}

/** The QR code of this text as PNG bytes, drawn by the browser itself. */
export async function qrPicture(page: Page, text: string): Promise<Buffer> {
  const url = await page.evaluate(drawn, encode(text, { border: 4 }).data)
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}

function drawn(rows: boolean[][]): string {
  const scale = 8
  const canvas = document.createElement('canvas')
  canvas.width = rows.length * scale
  canvas.height = rows.length * scale
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#000000'
  for (const [y, row] of rows.entries())
    for (const [x, dark] of row.entries()) if (dark) context.fillRect(x * scale, y * scale, scale, scale)
  return canvas.toDataURL('image/png')
}
