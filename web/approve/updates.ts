/** A new version of the app waits until the user lets it in: nothing changes under a decision that is being made. */
import { useEffect, useState } from 'preact/hooks'

/** Undefined while there is none; else lets the new version in. */
export function useUpdate(registering: Promise<ServiceWorkerRegistration> | undefined): (() => void) | undefined {
  const [waiting, setWaiting] = useState<ServiceWorker>()
  useEffect(() => {
    registering?.then(
      registration => {
        const look = () => setWaiting((navigator.serviceWorker.controller && registration.waiting) ?? undefined)
        look()
        registration.addEventListener('updatefound', () =>
          registration.installing?.addEventListener('statechange', look),
        )
      },
      () => undefined,
    )
  }, [registering])
  return waiting && (() => letIn(waiting))
}

function letIn(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  worker.postMessage('take over')
}
