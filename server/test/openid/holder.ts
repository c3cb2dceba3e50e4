/** A user of the test's own with an authenticator and tokens, and what he sends to the token endpoint. */
import {
  giveAuthenticator,
  giveToken,
  type HeldToken,
  makeUser,
  type Reply,
  response,
  scim,
  totpAt,
  type World,
} from '../world.ts'

export const ACTION = 'urn:hid:scim:api:idp:2.0:Action'
export const SIGNED_VALUES = '1122*3344*5566'
export const SIGNING_SUITE = 'OCRA-1:HOTP-SHA1-8:QA64'

export interface Holder {
  readonly id: string
  readonly name: string
  readonly token: HeldToken
}

export async function holderOf(world: World, bearer: string, type = 'DT_POCK_OT', policy = 'AT_OTP'): Promise<Holder> {
  const user = await makeUser(world, bearer)
  await giveAuthenticator(world, bearer, user.id, policy)
  return { ...user, token: await giveToken(world, bearer, user.id, type) }
}

/** The body of seed 003's own request for a challenge. */
export const challengeBody = (deviceId: string) => ({
  schemas: [ACTION],
  [ACTION]: {
    action: 'DEVICE-CHALLENGE',
    attributes: [
      { name: 'DEVICE.ID', value: deviceId },
      { name: 'CHANNEL', value: 'CH_EXTRAPP' },
    ],
  },
})

export const askChallenge = (world: World, bearer: string, { id, token }: Holder, policy = 'AT_OTP'): Promise<Reply> =>
  scim(world, bearer, 'POST', `/Authenticator/${id}.${policy}`, challengeBody(token.deviceId))

export async function answered(world: World, bearer: string, holder: Holder): Promise<string> {
  const { status, body, text } = await askChallenge(world, bearer, holder)
  if (status !== 200) throw new Error(`no challenge was given: ${status} ${text}`)
  return response(holder.token.seed, body.attributes[0].value)
}

export const codeNow = (world: World, { token }: Pick<Holder, 'token'>) => totpAt(token.seed, world.now_seconds())

/** The text as it stands in the guides of the reference: what a client pastes, byte for byte. */
export function paste(world: World, bearer: string, body: string): Promise<Reply> {
  return fetch(`${world.base}/${world.demo.tenant}/authn/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  }).then(async answer => {
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as unknown }
  })
}
