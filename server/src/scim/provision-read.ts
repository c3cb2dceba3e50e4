/**
 * A wanted invitation, from its JSON and from the `key=value` list of its `description`. Blanks around commas are forgiven, unknown keys are
 * not looked at; `pct` and `pdt` name what this server has anyway. What is secret in the description is taken out of what is kept.
 */
import type { OfflineInvitation } from '#administration/provision-offline.ts'
import { type OnlineInvitation, REGISTRATION_CHANNEL, REGISTRATION_POLICY } from '#administration/provision-online.ts'
import { idOf } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { ownerOf } from '#scim/device-read.ts'
import { type Members, membersOf } from '#scim/members.ts'
import { readReference } from '#scim/reference.ts'

const LONGEST_DESCRIPTION = 2048
const LONGEST_CODE = 32
const MOST_ATTRIBUTES = 20
const TOKEN = /^[A-Za-z0-9\-._~+/]{1,256}=*$/
const SECRET_KEYS: ReadonlySet<string> = new Set(['cb_notif_token', 'sec'])
const USUAL_OTP_POLICY = 'AT_EMPOTP'

export type WantedProvision =
  | { readonly kind: 'online'; readonly wanted: OnlineInvitation }
  | { readonly kind: 'offline'; readonly wanted: OfflineInvitation }

export function readProvision(body: unknown, tenant: Tenant): WantedProvision {
  const members = membersOf(body)
  const code = members.text('deviceType', LONGEST_CODE) ?? ''
  const type = tenant.configuration.findDeviceType(code)
  if (!type?.push && !type?.offline) throw new Refusal('invalid_value', 'deviceType is no type of approve app.')
  const owner = readReference('owner', members.any('owner'))
  const authType = authTypeIn(members)
  if (type.offline) {
    if (owner === undefined) throw new Refusal('invalid_value', 'owner.value says for whom.')
    const policy = tenant.configuration.findPolicy(authType ?? USUAL_OTP_POLICY)
    if (policy?.factor !== 'oath') throw new Refusal('invalid_value', 'AUTH_TYPE is no policy of one-time codes.')
    return { kind: 'offline', wanted: { type, policy, owner: ownerOf(owner) } }
  }
  if (authType !== undefined && tenant.configuration.findPolicy(authType)?.factor !== 'transport') {
    throw new Refusal('invalid_value', 'AUTH_TYPE of an approve app is AT_SMK.')
  }
  return { kind: 'online', wanted: readOnline(members, code, tenant) }
}

function readOnline(members: Members, deviceType: string, tenant: Tenant): OnlineInvitation {
  const pairs = readDescription(members.text('description', LONGEST_DESCRIPTION) ?? '')
  const device = idOf(pairs.get('did') ?? '')
  if (device === undefined) throw new Refusal('invalid_value', 'did of the description is the internal id of a device.')
  const service = pairs.get('url') ?? ''
  if (service === '') throw new Refusal('invalid_value', 'url of the description is host:port/tenant.')
  const channel = pairs.get('pch') || REGISTRATION_CHANNEL
  if (!tenant.configuration.findChannel(channel))
    throw new Refusal('invalid_value', 'pch is no channel of this tenant.')
  const policy = pairs.get('pth') || REGISTRATION_POLICY
  if (tenant.configuration.findPolicy(policy)?.factor !== 'invite') {
    throw new Refusal('invalid_value', 'pth is no policy for registrations.')
  }
  if ((pairs.get('mod') || 'GEN') !== 'GEN' || pairs.get('sec')) {
    throw new Refusal('unsupported_value', 'Only mod=GEN with an empty sec: the server makes the invite code.')
  }
  const callbackUrl = pairs.get('cb_url') || undefined
  const notifyToken = pairs.get('cb_notif_token') || undefined
  if ((callbackUrl === undefined) !== (notifyToken === undefined)) {
    throw new Refusal('invalid_value', 'cb_url and cb_notif_token come together.')
  }
  if (notifyToken !== undefined && !TOKEN.test(notifyToken)) {
    throw new Refusal('invalid_value', 'cb_notif_token is no bearer token.')
  }
  return { device, deviceType, service, channel, policy, callbackUrl, notifyToken, description: kept(pairs) }
}

/** The last of two equal keys would win with one reader and the first with another, so both are refused. */
function readDescription(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const part of text.split(',')) {
    const written = part.trim()
    if (written === '') continue
    const at = written.indexOf('=')
    if (at < 1) throw new Refusal('invalid_value', 'The description is a list of key=value, with commas between.')
    const key = written.slice(0, at).trim()
    if (pairs.has(key)) throw new Refusal('invalid_value', `The description holds ${key.slice(0, 20)} twice.`)
    pairs.set(key, written.slice(at + 1).trim())
  }
  return pairs
}

const kept = (pairs: ReadonlyMap<string, string>) =>
  [...pairs]
    .filter(([key]) => !SECRET_KEYS.has(key))
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

function authTypeIn(members: Members): string | undefined {
  for (const written of members.list('attributes', MOST_ATTRIBUTES) ?? []) {
    const attribute = membersOf(written, 'attributes')
    if (attribute.text('name', LONGEST_CODE)?.toUpperCase() === 'AUTH_TYPE') {
      return attribute.text('value', LONGEST_CODE) || undefined
    }
  }
  return undefined
}
