/**
 * Starts the portal: asks for the flow and the theme, then draws the same screen that the server sent into its place. What was typed
 * meanwhile is carried over, and whoever is typing goes on where he is. A button that is pressed is let go first: drawn anew under the finger, its
 * click would be nobody's.
 * Without an answer the server's page stays as it is and works on.
 */
import type { Notice } from '@countersign/protocol/portal/screen.ts'
import { wordingOf } from '@countersign/protocol/portal/wording.ts'
import { render } from 'preact'
import '../ui/colours.css'
import '../ui/page.css'
import '../ui/controls.css'
import '../ui/pieces.css'
import './portal.css'
import { App } from './app.tsx'
import { type Boot, readBoot } from './boot.ts'
import { openCalls } from './calls.ts'
import { openCardBridge } from './card-bridge.ts'
import { openPasskeys } from './passkeys.ts'
import { Session } from './session.ts'

/** While something is pressed: until it is let go and its click, which comes right behind, is over. */
let held: Promise<unknown> = Promise.resolve()
window.addEventListener('pointerdown', () => {
  held = new Promise(done => {
    for (const name of ['pointerup', 'pointercancel'])
      window.addEventListener(name, () => setTimeout(done), { once: true })
  })
})

async function begin(boot: Boot, main: HTMLElement): Promise<void> {
  const calls = openCalls(boot, (address, init) => fetch(address, init))
  const [theme, flow] = await Promise.all([calls.theme(), calls.flow(boot.typed)])
  if (flow.status === 0) return
  const wording = wordingOf(boot.languages, theme.status === 200 ? theme.body : undefined)
  const keys = {
    window,
    passkeys: openPasskeys(window),
    bridge: openCardBridge({ fetch: (address, init) => fetch(address, init), keep: sessionStorage }),
  }
  const session = new Session(boot, calls, wording, flow, address => location.assign(address), keys)
  await session.settle()
  await held
  const typed = new Map([...main.querySelectorAll<HTMLInputElement>('.field input')].map(one => [one.name, one.value]))
  const notice = noticeIn(main)
  if (notice) session.state.change(old => ({ ...old, now: { notice, ...old.now } }))
  const goOn = caretIn(main)
  main.replaceChildren()
  render(<App session={session} wording={wording} typed={typed} />, main)
  goOn()
}

/** What the server said when a form was sent before the scripts were there. */
function noticeIn(main: HTMLElement): Notice | undefined {
  const said = main.querySelector('.notice:not(.late *)')
  const tone = (['error', 'warning', 'success', 'info'] as const).find(one => said?.classList.contains(one))
  return said?.textContent && tone ? { tone, text: said.textContent } : undefined
}

/** Puts the caret back into the field of the same name: at once, or the next letter would be nobody's. */
function caretIn(main: HTMLElement): () => void {
  const { activeElement: field } = document
  if (!(field instanceof HTMLInputElement) || !main.contains(field)) return () => undefined
  const { name, selectionStart, selectionEnd } = field
  return () => {
    const same = [...main.querySelectorAll<HTMLInputElement>('.field input')].find(one => one.name === name)
    same?.focus()
    same?.setSelectionRange(selectionStart, selectionEnd)
  }
}

const boot = readBoot(document.getElementById('boot')?.textContent)
const main = document.getElementById('portal')
if (boot && main) void begin(boot, main)

// A page that comes back from the browser's memory shows a login that has moved on.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})
