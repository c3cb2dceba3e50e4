/** Starts the page: looks at what came with the address, signs the person in where nothing did, and shows his account. */
import { render } from 'preact'
import '../ui/colours.css'
import '../ui/page.css'
import '../ui/controls.css'
import '../ui/pieces.css'
import './account.css'
import { App } from './app.tsx'
import { isElsewhere, place } from './place.ts'
import { arrival, goToSignIn } from './sign-in.ts'
import { language, say } from './texts/say.ts'

document.documentElement.lang = language
document.title = say('title')

async function begin(): Promise<void> {
  if (isElsewhere()) {
    location.replace(place.self)
    return
  }
  const came = await arrival()
  if (came.kind === 'fresh') await goToSignIn(language)
  else render(<App came={came} />, document.getElementById('app') as HTMLElement)
}

begin().catch(() =>
  render(<App came={{ kind: 'failed', error: 'unreachable' }} />, document.getElementById('app') as HTMLElement),
)
