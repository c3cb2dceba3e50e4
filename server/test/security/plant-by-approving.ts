/**
 * Every flow of push approval with secrets of its own: invite code and random bytes, the phone's code keys, notification tokens, the
 * text of a transaction, the subscription of a push service. What they are for is asked by `quiet`, whose answers are not searched:
 * there the text may stand. Refusals and what is asked afterwards are.
 */
import { randomBytes } from 'node:crypto'
import { takeSecrets } from '@countersign/sdk/vault/key-keeping.ts'
import { expect } from 'vitest'
import { givePhone, opened, wakeAt } from '../approve/phones.ts'
import { ask, invite } from '../held-phone.ts'
import { makeUser, send, token, type World } from '../world.ts'

const CIBA = 'urn:openid:params:grant-type:ciba'

export async function plantByApproving(
  world: World,
  bearer: string,
  quiet: typeof fetch,
  plant: (what: string, value: string) => unknown,
): Promise<void> {
  const heard = globalThis.fetch
  const secret = (what: string) => {
    const value = `Pl-${randomBytes(15).toString('hex')}`
    plant(what, value)
    return value
  }
  const notify = () => ({ client_notification_token: secret('a notification token') })
  const tds = secret('the text of a transaction')
  globalThis.fetch = quiet
  const user = await makeUser(world, bearer)
  const phone = await givePhone(world, bearer, user.id)
  const { message } = phone.invited
  // One that stays open, told back to a token of the client.
  const callback = `, cb_url=http://127.0.0.1:9/cb, cb_notif_token=${secret('a token of a registration')}`
  const waiting = await invite(world, bearer, user.id, 'DT_TDSV4E', callback)
  for (const one of [message, waiting.message]) {
    const { pss, cs } = JSON.parse(one)
    plant('an invite code', Buffer.from(pss, 'base64').toString())
    plant('the random bytes of a QR code', cs.rnd)
  }
  const [entry] = await phone.around.vault.list()
  for (const key of entry ? await takeSecrets(phone.around.vault, entry.codes) : []) plant('a code key of a phone', key)
  const wake = wakeAt(`http://127.0.0.1:9/${secret('the address of a subscription')}`)
  plant('the secret of a subscription', wake.auth)
  await phone.container.setWake(wake)

  const answered = await opened(world, bearer, user, phone, { authpol: 'AT_TDS', tds }, notify())
  await phone.container.answer(answered.request, 'accept')
  const done = await phone.container.request({ purpose: 'action', tds: secret('a text that a phone signs') })
  const last = await opened(world, bearer, user, phone, { tds }, notify())
  const wrong = await phone.sign(last.request, { status: 'maybe' })
  globalThis.fetch = heard

  expect((await phone.send(last.request.id, wrong)).status).toBe(400)
  expect((await ask(world, bearer, { usercode: secret('a name'), tds }, notify())).status).toBe(400)
  expect((await ask(world, bearer, { usercode: user.name, tds, authpol: secret('a policy') }, notify())).status).toBe(
    400,
  )
  for (const auth_req_id of [secret('a handle of nobody'), answered.handle.replace(/^./, 'A')]) {
    await token(world, { grant_type: CIBA, auth_req_id }, { authorization: `Bearer ${bearer}` })
  }
  for (const { auth_req_id } of [done, { auth_req_id: answered.handle }]) {
    const path = `/demo/authn/bcauthorize/deliveries?auth_req_id=${encodeURIComponent(auth_req_id)}`
    const { status } = await send(world.base + path, { headers: { authorization: `Bearer ${bearer}` } })
    expect(status).toBe(200)
  }
  for (const path of ['inbox', 'policy'])
    expect((await phone.call({ method: 'GET', path: `/approve/v1/${path}`, changes: false })).status).toBe(200)
  await phone.container.rename('Renamed')
}
