/**
 * Web Push (RFC 8030, 8291, 8292), one subscription for each account: a subscription is bound to the key of one service, and a
 * browser keeps one for each service worker scope. So each account has a scope of its own, below which there are no pages.
 */

import { readService } from '@countersign/protocol/approve/service-root.ts'
import { service } from '@countersign/protocol/approve/statement.ts'
import type { Container } from '@countersign/sdk/container.ts'
import Value from 'typebox/value'

export type WakeAbility = 'possible' | 'unsupported' | 'blocked'
export type WakeResult = 'on' | 'blocked' | 'not offered' | 'no push service'

const scopeOf = (container: string) => new URL(`./wake/${container}/`, document.baseURI).href

export function wakeAbility(): WakeAbility {
  const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
  if (!able) return 'unsupported'
  return Notification.permission === 'denied' ? 'blocked' : 'possible'
}

export async function isAwake(container: string): Promise<boolean> {
  return (await subscriptionOf(container)) !== null
}

export async function wakeOn(container: Container): Promise<WakeResult> {
  if ((await Notification.requestPermission()) !== 'granted') return 'blocked'
  const key = await keyOf(container)
  if (key === undefined) return 'not offered'
  const scope = scopeOf(container.id)
  const registration = await navigator.serviceWorker.register(new URL('./service-worker.js', document.baseURI), {
    scope,
  })
  await activated(registration)
  // The push service is the browser maker's: it may be out of reach, or switched off.
  const subscription = await registration.pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey: key })
    .catch(() => undefined)
  if (!subscription) return 'no push service'
  await tell(container, subscription)
  return 'on'
}

export async function wakeOff(container: Container): Promise<void> {
  await container.setWake(null)
  await dropWake(container.id)
}

export async function dropWake(container: string): Promise<void> {
  const registration = await registrationOf(container)
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
  await registration?.unregister()
  localStorage.removeItem(place(container))
}

/** A browser may change a subscription by itself: the service is told of the one there is. */
export async function renewWake(container: Container): Promise<void> {
  const subscription = await subscriptionOf(container.id)
  if (subscription && subscription.endpoint !== localStorage.getItem(place(container.id)))
    await tell(container, subscription)
}

async function tell(container: Container, subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON()
  if (!endpoint || !keys?.p256dh || !keys.auth) throw new Error('a subscription without keys')
  await container.setWake({ kind: 'web-push', endpoint, p256dh: keys.p256dh, auth: keys.auth })
  localStorage.setItem(place(container.id), endpoint)
}

const place = (container: string) => `wake:${container}`

async function registrationOf(container: string): Promise<ServiceWorkerRegistration | undefined> {
  if (wakeAbility() === 'unsupported') return undefined
  const scope = scopeOf(container)
  return (await navigator.serviceWorker.getRegistrations()).find(one => one.scope === scope)
}

async function subscriptionOf(container: string): Promise<PushSubscription | null> {
  return (await (await registrationOf(container))?.pushManager.getSubscription()) ?? null
}

/** Public and the same for everybody, so it is asked for without a proof; a wrong one only means that no push arrives. */
async function keyOf(container: Container): Promise<string | undefined> {
  const root = readService(container.service)?.root
  if (root === undefined) return undefined
  const answer: unknown = await (await fetch(`${root}/approve/v1/service`, { redirect: 'error' })).json()
  return Value.Check(service, answer) ? answer.vapid : undefined
}

async function activated({ active, installing, waiting }: ServiceWorkerRegistration): Promise<void> {
  const worker = installing ?? waiting
  if (active || !worker) return
  await new Promise<void>(resolve => {
    worker.addEventListener('statechange', () => worker.state === 'activated' && resolve())
  })
}
