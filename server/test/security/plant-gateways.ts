/** Gateways and card applications with secrets that a caller gives, written and changed; where a secret was refused, too. */
import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { api, type World } from '../world.ts'

export async function plantGateways(
  world: World,
  bearer: string,
  plant: (what: string, secret: string) => void,
): Promise<void> {
  const fresh = (what: string) => {
    const secret = randomBytes(24).toString('base64url')
    plant(what, secret)
    return secret
  }
  const call = async (method: string, path: string, body: object, expected: number) => {
    const address = `/configuration/${world.demo.tenant}/v2/DeliveryGateway/${path}`
    expect((await api(world, bearer, method, address, body)).status).toBe(expected)
  }
  const mail = { id: 'PlantedMail', host: 'smtp.example', from: 'a@b.example', user: 'ours', enabled: false }
  await call('POST', 'Mail', { ...mail, password: fresh('a password of a mail gateway') }, 201)
  await call('PUT', 'Mail/PlantedMail', { password: fresh('another password of a mail gateway') }, 200)
  await call('POST', 'Mail', { ...mail, host: '', password: fresh('a refused password of a mail gateway') }, 400)
  const sms = { id: 'PlantedSms', preset: 'form-basic', url: 'https://sms.example/', sender: 'ours', enabled: false }
  const secrets = { user: fresh('a user of an SMS gateway'), password: fresh('a password of an SMS gateway') }
  await call('POST', 'Sms', { ...sms, secrets }, 201)
  const application = async (id: string, what: string, expected: number) => {
    const masterKey = randomBytes(16).toString('hex')
    plant(what, masterKey)
    const address = `/configuration/${world.demo.tenant}/v2/Application/CardAuth`
    const body = { id, type: ['Seos'], proof: { type: 'cmac', masterKey } }
    expect((await api(world, bearer, 'POST', address, body)).status).toBe(expected)
  }
  await application('APP_PLANTED', 'a master key of cards', 201)
  await application('planted', 'a refused master key of cards', 400)
  await call('PUT', 'Sms/PlantedSms', { url: '', secrets: { password: fresh('a refused SMS password') } }, 400)
}
