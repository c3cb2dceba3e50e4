/** The frame around all screens: the brand, the three places, what is read out, and the PIN when somebody asks for it. */
import { say } from '../texts/say.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useNow } from '../ui/now.ts'
import { AccountScreen } from './account/account-screen.tsx'
import { AccountsScreen } from './account/accounts-screen.tsx'
import { HistoryScreen } from './account/history-screen.tsx'
import { SettingsScreen } from './account/settings-screen.tsx'
import { arrive } from './arrival.ts'
import { CodeScreen } from './codes/code-screen.tsx'
import { CodesScreen } from './codes/codes-screen.tsx'
import { announce, useDesk } from './desk.ts'
import { AddScreen, PastedScreen } from './enrol/add-screen.tsx'
import { InvitationScreen } from './enrol/invitation-screen.tsx'
import { TypedScreen } from './enrol/typed-screen.tsx'
import { useRoute } from './navigation.ts'
import { RequestScreen } from './request/request-screen.tsx'
import { RequestsScreen } from './request/requests-screen.tsx'
import { ScannedScreen } from './request/scanned-screen.tsx'
import { linkTo, type Route } from './route.ts'
import { ScanScreen } from './scan/scan-screen.tsx'
import { UnlockDialog } from './unlock/unlock-dialog.tsx'
import { useUpdate } from './updates.ts'

export function App({ registering }: { registering: Promise<ServiceWorkerRegistration> | undefined }) {
  const desk = useDesk()
  const route = useRoute(text => {
    if (!arrive(desk, text, 'link')) announce(desk, say('scan.unknown'))
  })
  const update = useUpdate(registering)
  const { containers, question, said } = desk.now
  const places = containers.length > 0 && !alone.some(page => page === route.page)
  return (
    <div class={places ? 'frame has-places' : 'frame'}>
      <button type="button" class="skip button" onClick={toContent}>
        {say('frame.skip')}
      </button>
      <header class="top">
        <a class="brand" href={linkTo({ page: 'requests' })}>
          <Icon name="shield" size={28} />
          {say('frame.brand')}
        </a>
      </header>
      {places && <Places at={route.page} />}
      <main class="column" id="main" tabIndex={-1}>
        {update && (
          <Callout tone="info" title={say('update.ready')}>
            <Button press={update}>{say('update.let_in')}</Button>
          </Callout>
        )}
        <Shown route={route} key={JSON.stringify(route)} />
      </main>
      <p class="unseen" role="status">
        {said}
      </p>
      {question && <UnlockDialog question={question} />}
    </div>
  )
}

/** Screens that want one decision: nothing beside it leads elsewhere. */
const alone: readonly Route['page'][] = ['request', 'scanned', 'invitation']

/** No link: the address is the screen's, and skipping must not change it. */
function toContent(): void {
  document.getElementById('main')?.focus()
}

function Shown({ route }: { route: Route }) {
  switch (route.page) {
    case 'requests':
      return <RequestsScreen />
    case 'request':
      return <RequestScreen container={route.container} id={route.id} />
    case 'scan':
      return <ScanScreen />
    case 'scanned':
      return <ScannedScreen />
    case 'codes':
      return <CodesScreen />
    case 'code':
      return <CodeScreen container={route.container} />
    case 'accounts':
      return <AccountsScreen />
    case 'account':
      return <AccountScreen container={route.container} />
    case 'settings':
      return <SettingsScreen container={route.container} />
    case 'history':
      return <HistoryScreen container={route.container} />
    case 'add':
      return <AddScreen />
    case 'typed':
      return <TypedScreen />
    case 'pasted':
      return <PastedScreen />
    case 'invitation':
      return <InvitationScreen />
  }
}

const places = [
  { page: 'requests', icon: 'bell', within: ['requests', 'scan'] },
  { page: 'codes', icon: 'digits', within: ['codes', 'code'] },
  {
    page: 'accounts',
    icon: 'people',
    within: ['accounts', 'account', 'settings', 'history', 'add', 'typed', 'pasted'],
  },
] as const satisfies readonly { page: Route['page']; icon: IconName; within: readonly Route['page'][] }[]

function Places({ at }: { at: Route['page'] }) {
  const { now } = useDesk()
  const clock = useNow()
  const open = now.waiting.filter(({ expires_ms }) => expires_ms > clock).length
  return (
    <nav class="places" aria-label={say('frame.places')}>
      {places.map(({ page, icon, within }) => (
        <a
          key={page}
          href={linkTo({ page })}
          aria-current={(within as readonly string[]).includes(at) ? 'page' : undefined}
        >
          <Icon name={icon} />
          <span>{say(`place.${page}`)}</span>
          {page === 'requests' && open > 0 && (
            <span class="count">
              <span aria-hidden="true">{open}</span>
              <span class="unseen">{say('requests.count', { count: String(open) })}</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  )
}
