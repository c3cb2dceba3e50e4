/**
 * Clients register: POST /{tenant}/authn/register, and GET, PUT or DELETE of the address that the answer names. RFC 7591, RFC 7592 without
 * its access token: a privileged bearer asks, and is answered 200 and not 201, as clients of the reference expect. The new
 * client may do nothing until its user is given a role.
 */
import { clientInformation, registerRequest } from '@countersign/protocol/openid/register.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { ClientRegistry } from '#administration/clients.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, endpoint, type Situation } from '#http/endpoint.ts'
import { issuerOf } from '#openid/issuer.ts'
import { type Metadata, wrongMember } from '#openid/register-members.ts'
import { readRegistration } from '#openid/register-metadata.ts'
import { clientOnWire } from '#openid/register-wire.ts'

interface Needs {
  readonly registry: ClientRegistry
}
type Here = Situation<Tenant>

const PATH = '/{tenant}/authn/register'
const params = Type.Object({ id: Type.String({ maxLength: 128 }) })

export const register = endpoint({
  method: 'POST',
  path: PATH,
  summary: 'Registers a client; its secret is shown in this answer and never again.',
  access: bearerMay('client.register'),
  accepts: { as: 'json', shape: registerRequest, maxBytes: 16_384 },
  answers: { status: 200, shape: clientInformation },
  refusals: ['invalid_client_metadata', 'invalid_redirect_uri', 'temporarily_unavailable', 'uniqueness'],

  async handle({ body }, here: Here, { registry }: Needs) {
    const document = readRegistration(body as Metadata, here.tenant.configuration)
    const { secret, ...client } = await registry.add(here.tenant, document, administratorOf(here))
    return { body: clientOnWire(client, issuerOf(here.origin, here.tenant), secret) }
  },
})

export const readClient = endpoint({
  method: 'GET',
  path: `${PATH}/{id}`,
  summary: 'Shows what a client registered.',
  access: bearerMay('client.register'),
  params,
  answers: { status: 200, shape: clientInformation },
  refusals: ['not_found'],

  async handle({ path }, here: Here, { registry }: Needs) {
    const client = await registry.load(here.tenant, path.id)
    return { body: clientOnWire(client, issuerOf(here.origin, here.tenant)) }
  },
})

/** Clients send back what they read, so what the server made may stand in it. */
const MADE = ['client_id', 'client_id_issued_at', 'client_secret_expires_at', 'registration_client_uri']

export const updateClient = endpoint({
  method: 'PUT',
  path: `${PATH}/{id}`,
  summary: 'Replaces what a client registered; a secret is shown where it now needs one and had none.',
  access: bearerMay('client.register'),
  params,
  accepts: { as: 'json', shape: registerRequest, maxBytes: 16_384 },
  answers: { status: 200, shape: clientInformation },
  refusals: ['invalid_client_metadata', 'invalid_redirect_uri', 'temporarily_unavailable', 'not_found'],

  async handle({ path, body }, here: Here, { registry }: Needs) {
    const given = body as Metadata
    if (given.client_id !== undefined && given.client_id !== path.id)
      throw wrongMember('client_id', 'is not that of the address')
    const metadata = Object.fromEntries(Object.entries(given).filter(([name]) => !MADE.includes(name)))
    const document = readRegistration(metadata, here.tenant.configuration)
    const { secret, ...client } = await registry.update(here.tenant, path.id, document, administratorOf(here))
    return { body: clientOnWire(client, issuerOf(here.origin, here.tenant), secret) }
  },
})

export const deleteClient = endpoint({
  method: 'DELETE',
  path: `${PATH}/{id}`,
  summary: 'Removes a client and its user; its tokens open nothing from then on.',
  access: bearerMay('client.register'),
  params,
  answers: { status: 204, shape: Type.Null() },
  refusals: ['not_found', 'forbidden'],

  async handle({ path }, here: Here, { registry }: Needs) {
    await registry.remove(here.tenant, path.id, administratorOf(here))
    return { body: null }
  },
})
