/** Sends a parcel by the road it is for, as its tenant allows. */
import { sendCallback } from '#delivery/callback.ts'
import { type MessageRoads, sendMessage } from '#delivery/message.ts'
import type { Outcome } from '#delivery/outcome.ts'
import type { Road } from '#delivery/post.ts'
import { sendPush } from '#delivery/web-push/push.ts'
import type { VapidKeys } from '#delivery/web-push/vapid.ts'
import type { CallbackRules } from '#domain/callback-rules.ts'
import type { Gateway } from '#domain/gateway.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { Parcel } from '#domain/parcel.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Random } from '#domain/ports/random.ts'

export interface RoadNeeds extends Pick<Road, 'resolve'> {
  readonly clock: Clock
  readonly random: Random
  callbackRules(tenant: TenantNumber): Promise<CallbackRules>
  vapid(tenant: TenantNumber): Promise<VapidKeys | undefined>
  gateway(tenant: TenantNumber): Promise<Gateway | undefined>
  /** For messages to people; without, they have no road. */
  readonly messages?: MessageRoads
}

export async function sendParcel(tenant: TenantNumber, parcel: Parcel, needs: RoadNeeds): Promise<Outcome> {
  const { clock, random, resolve } = needs
  const road = { clock, rules: await needs.callbackRules(tenant), ...(resolve ? { resolve } : {}) }
  if (parcel.kind === 'callback') return sendCallback(parcel, road)
  if (parcel.kind === 'message') return sendMessage(tenant, parcel, { ...needs, road })
  const [gateway, keys] = [await needs.gateway(tenant), await needs.vapid(tenant)]
  if (!gateway?.enabled || !keys) return { name: 'no_gateway', status: null }
  const contact = keys.contact ?? gateway.contact
  return sendPush(parcel, { ...road, random, keys: contact === undefined ? keys : { ...keys, contact } })
}
