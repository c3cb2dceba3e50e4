/**
 * Wakes and works offline. A push becomes one notification with a fixed text, always: what it is about stays inside the app (approve
 * protocol, section 7). The files of the app are kept when a version is installed and answered from there, so codes need no
 * network. Surprise: it also runs once for each account with notifications (`wake/wake.ts`), and keeps files only for the app itself.
 */
import { direction, language, say } from '../texts/say.ts'

declare const self: ServiceWorkerGlobalScope
/** Put in by the build: all files but the page, and what makes this version differ from others. */
declare const SHELL_FILES: readonly string[]
declare const SHELL_VERSION: string

const home = new URL('./', self.location.href).href
const holdsShell = self.registration.scope === home
const shell = `shell-${SHELL_VERSION}`
const TAG = 'countersign'

self.addEventListener('install', event => {
  if (holdsShell) event.waitUntil(keepShell())
})

async function keepShell(): Promise<void> {
  const cache = await caches.open(shell)
  await cache.addAll(
    [home, ...SHELL_FILES.map(file => new URL(file, home).href)].map(url => new Request(url, { cache: 'reload' })),
  )
}

self.addEventListener('activate', event => {
  if (holdsShell) event.waitUntil(dropOldShells().then(() => self.clients.claim()))
})

async function dropOldShells(): Promise<void> {
  const old = (await caches.keys()).filter(name => name.startsWith('shell-') && name !== shell)
  await Promise.all(old.map(name => caches.delete(name)))
}

self.addEventListener('message', event => {
  if (event.data === 'take over') void self.skipWaiting()
})

self.addEventListener('fetch', event => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(home)) return
  event.respondWith(answer(request))
})

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(shell)
  const kept = request.mode === 'navigate' ? await cache.match(home) : await cache.match(request)
  return kept ?? fetch(request)
}

self.addEventListener('push', event => event.waitUntil(wake()))

async function wake(): Promise<void> {
  await self.registration.showNotification(say('push.title'), {
    body: say('push.body'),
    tag: TAG,
    icon: new URL('icon-192.png', home).href,
    lang: language,
    dir: direction,
    renotify: true,
  } as NotificationOptions)
  for (const window of await windows()) window.postMessage('wake')
}

self.addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(open())
})

async function open(): Promise<void> {
  const [shown] = await windows()
  if (shown) await shown.focus()
  else await self.clients.openWindow(home)
}

async function windows(): Promise<readonly WindowClient[]> {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return all.filter(({ url }) => url.startsWith(home))
}
