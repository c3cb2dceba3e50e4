/** A simulated phone in a test: invited by the API, driven by the words of the terminal, in this process and by the world's clock. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { phone } from '#cli/phone.ts'
import { readArguments } from '#cli/read-arguments.ts'
import { stock } from '#configuration/seed/stock.ts'
import { buildConfiguration } from '#domain/configuration.ts'
import { Refusal } from '#domain/refusal.ts'
import { readSettings } from '#settings/read.ts'
import { form, type Reply, scim, send, type World } from './world.ts'

export interface HeldPhone {
  readonly home: string
  /** What the command reports as data; a refusal comes out as its sentence. */
  // biome-ignore lint/suspicious/noExplicitAny: reports are examined by the tests themselves
  run(...words: string[]): Promise<any>
}

export function takePhone(world: World, home = mkdtempSync(join(tmpdir(), 'countersign-phone-'))): HeldPhone {
  const { settings } = readSettings(world.environment)
  if (!settings) throw new Error('no settings')
  const around = {
    settings,
    environment: {},
    configuration: buildConfiguration(stock),
    now_ms: () => world.now_seconds() * 1000,
    print: () => {},
  }
  return {
    home,
    async run(...words) {
      const read = readArguments(['phone', ...words, '--home', home], [phone])
      if ('wrong' in read) throw new Error(read.wrong)
      try {
        return (await phone.run(read.given, around)).data
      } catch (error) {
        throw error instanceof Refusal ? new Error(error.hint) : error
      }
    },
  }
}

export interface Invited {
  readonly provision: string
  readonly device: string
  /** PROV_MSG. */
  readonly message: string
  readonly file: string
}

/** A device for the user and an invitation for it, as the reference's clients make them. */
export async function invite(
  world: World,
  bearer: string,
  userId: string,
  type = 'DT_TDSV4E',
  more = '',
): Promise<Invited> {
  const externalId = `app-${userId}-${world.now_seconds()}-${Math.floor(performance.now() * 1000)}`
  const made = await scim(world, bearer, 'POST', '/Device', { type, externalId, status: { status: 'PENDING' } })
  if (made.status !== 201) throw new Error(`no device was made: ${made.status} ${made.text}`)
  const device = made.body.id as string
  const given = await scim(world, bearer, 'PUT', `/Device/${device}`, { owner: { value: userId } })
  if (given.status !== 200) throw new Error(`the device was not given: ${given.status} ${given.text}`)
  const url = `${new URL(world.base).host}/${world.demo.tenant}`
  const { status, body, text } = await scim(world, bearer, 'POST', '/Device/Provision', {
    deviceType: type,
    description: `did=${device}, url=${url}, pch=CH_TDSPROV, pth=AT_TDSOOB, mod=GEN, sec=${more}`,
    attributes: [{ name: 'AUTH_TYPE', value: 'AT_SMK' }],
    owner: { value: userId },
  })
  if (status !== 201) throw new Error(`no invitation was made: ${status} ${text}`)
  const message = body.attributes[0].value as string
  const file = join(mkdtempSync(join(tmpdir(), 'countersign-invite-')), 'prov_msg.json')
  writeFileSync(file, message)
  return { provision: body.id, device, message, file }
}

/** A phone that is registered for this user. */
export async function givePhone(world: World, bearer: string, userId: string, type = 'DT_TDSV4E') {
  const invited = await invite(world, bearer, userId, type)
  const held = takePhone(world)
  await held.run('activate', invited.file)
  return { ...held, ...invited }
}

/** bcauthorize by the client's bearer, with the reference's hint. */
export function ask(
  world: World,
  bearer: string,
  hint: Record<string, string>,
  more: Record<string, string> = {},
): Promise<Reply> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return send(`${world.base}/${world.demo.tenant}/authn/bcauthorize`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${bearer}` },
    body: form({
      scope: 'openid hid-tx-sign',
      login_hint_token: `${part({ alg: 'none' })}.${part(hint)}.`,
      ...more,
    }),
  })
}
