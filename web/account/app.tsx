/** The page's one frame and what it shows: the account, a phone that is added, a password that is changed, or why nobody is signed in. */
import { useMemo, useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Screen } from '../ui/screen.tsx'
import { openAccount } from './account.ts'
import { AddScreen } from './add-screen.tsx'
import { HomeScreen } from './home-screen.tsx'
import { PasswordScreen } from './password-screen.tsx'
import { type Arrival, goToSignIn } from './sign-in.ts'
import { language, say } from './texts/say.ts'
import type { View } from './view.ts'

export function App({ came }: { came: Exclude<Arrival, { kind: 'fresh' }> }) {
  const [view, show] = useState<View>(came.kind === 'failed' ? came : { kind: 'home' })
  const token = came.kind === 'signed in' ? came.token : ''
  const account = useMemo(() => openAccount(token, () => show({ kind: 'over' })), [token])
  const inside = view.kind === 'home' || view.kind === 'add' || view.kind === 'password'
  const signOut = async () => {
    await account.signOut()
    show({ kind: 'signed out' })
  }
  return (
    <div class="frame">
      <a class="skip" href="#content">
        {say('skip')}
      </a>
      <header class="top">
        <span class="brand">
          <Icon name="shield" />
          {say('title')}
        </span>
        {inside && (
          <Button kind="text" press={signOut}>
            {say('sign_out')}
          </Button>
        )}
      </header>
      <main class="column" id="content" tabIndex={-1}>
        {view.kind === 'home' && <HomeScreen account={account} show={show} said={view.said} />}
        {view.kind === 'add' && <AddScreen account={account} types={view.types} show={show} />}
        {view.kind === 'password' && <PasswordScreen account={account} password={view.password} show={show} />}
        {!inside && <Outside view={view} />}
      </main>
    </div>
  )
}

function Outside({ view }: { view: View }) {
  const [title, text] = wordsOf(view)
  return (
    <Screen title={title}>
      <p class="lead">{text}</p>
      <Button kind="primary" press={() => void goToSignIn(language, view.kind !== 'failed')}>
        {say(view.kind === 'failed' ? 'retry' : 'sign_in')}
      </Button>
    </Screen>
  )
}

function wordsOf(view: View): readonly [string, string] {
  switch (view.kind) {
    case 'signed out':
      return [say('signed_out.title'), say('signed_out.text')]
    case 'changed':
      return [say('password.changed.title'), say('password.changed.text')]
    case 'failed':
      return [
        say('failed.title'),
        view.error === 'access_denied' ? say('failed.denied') : say('failed.other', { error: view.error.slice(0, 60) }),
      ]
    default:
      return [say('over.title'), say('over.text')]
  }
}
