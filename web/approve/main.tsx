/** Starts the app: opens the vault, shows the screens, then asks the services what waits. The worker is registered beside. */
import { openApproveApp } from '@countersign/sdk/approve-app.ts'
import { openBrowserVault } from '@countersign/sdk/vault/browser-vault.ts'
import { render } from 'preact'
import { direction, language } from '../texts/say.ts'
import '../ui/colours.css'
import '../ui/page.css'
import '../ui/controls.css'
import '../ui/pieces.css'
import './frame.css'
import './request/requests.css'
import './codes/codes.css'
import './enrol/registration.css'
import './scan/camera.css'
import { openStore } from '../ui/store.ts'
import { App } from './app.tsx'
import { type Desk, DeskContext, emptyDesk, readAccounts } from './desk.ts'
import { stayLive } from './live.ts'
import { Unusable } from './unusable.tsx'
import { renewWake } from './wake/wake.ts'

document.documentElement.lang = language
document.documentElement.dir = direction

const root = document.getElementById('app') as HTMLElement

async function begin(): Promise<void> {
  const vault = await openBrowserVault()
  const app = await openApproveApp({ vault, fetch: (...request) => fetch(...request), now_ms: () => Date.now() })
  const desk: Desk = { app, state: openStore(emptyDesk) }
  await readAccounts(desk)
  const registering = navigator.serviceWorker?.register(new URL('./service-worker.js', document.baseURI))
  registering?.catch(() => undefined)
  render(
    <DeskContext.Provider value={desk}>
      <App registering={registering} />
    </DeskContext.Provider>,
    root,
  )
  stayLive(desk)
  for (const container of app.containers()) {
    if (container.kind === 'online') await renewWake(container).catch(() => undefined)
  }
}

begin().catch(() => render(<Unusable />, root))
