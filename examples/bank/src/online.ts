/**
 * Online banking: addresses at which a browser, known by a cookie, signs in, does what the counter does for it, and signs out. The
 * cookies are `SameSite=Lax`: an answer that comes as a form from the server's site (form_post) brings none, so it is put aside under an
 * id that nobody can guess, and the browser is sent to fetch it by GET, where its cookie counts.
 */
import type { Bank } from './bank.ts'
import { customerOf } from './configuration.ts'
import { accountPage } from './pages/account-page.ts'
import type { CustomerView } from './pages/customer-page.ts'
import type { Page } from './pages/frame.ts'
import { notSignedInPage, signInPage } from './pages/sign-in-page.ts'
import { type Deed, deedFor } from './routes.ts'
import { beginSignIn, finishSignIn, type Session } from './sign-in.ts'

const PENDING = 'kestrel_sign_in'
const SESSION = 'kestrel_session'
const BACK = '/signed-in'

export interface Asked {
  readonly path: string
  readonly query: URLSearchParams
  readonly cookies: ReadonlyMap<string, string>
  /** The bank's own. */
  readonly origin: string
}

export type Told = ({ readonly goTo: string } | { readonly page: Page }) & { readonly cookies?: readonly string[] }

export async function onlineAt(bank: Bank, asked: Asked): Promise<Told | undefined> {
  const { path, query, origin } = asked
  const [, first, id = '', more] = path.split('/')
  if (path === '/sign-in') return { page: signInPage(bank.online.ways) }
  if (path === BACK) return finished(bank, asked)
  if (first === 'sign-in' && more === undefined) {
    const way = bank.online.ways.find(one => one.id === id)
    if (!way) return undefined
    const { address, begun } = await beginSignIn(way, `${origin}${BACK}`, query.get('login_hint') ?? undefined)
    bank.online.begun.keep(begun.state, begun)
    return { goTo: address.href, cookies: [cookie(PENDING, begun.state, BACK)] }
  }
  if (path !== '/account') return undefined
  const session = sessionOf(bank, asked)
  return session ? { page: await accountPageOf(bank, session) } : { goTo: '/sign-in' }
}

/** The answer of the server came by a form. */
export function putAside({ online }: Bank, form: string): string {
  const id = crypto.randomUUID()
  online.posted.keep(id, form)
  return `${BACK}?posted=${id}`
}

async function finished(bank: Bank, asked: Asked): Promise<Told> {
  const { online, now_ms } = bank
  const form = online.posted.take(asked.query.get('posted') ?? '')
  const answer = form === undefined ? asked.query : new URLSearchParams(form)
  const state = answer.get('state') ?? ''
  // An answer that does not belong to what this browser began is not looked at, and ends nothing.
  const begun = state === asked.cookies.get(PENDING) ? online.begun.take(state) : undefined
  const way = online.ways.find(({ id }) => id === begun?.way)
  if (!begun || !way) return { page: notSignedInPage({ error: 'not_begun', description: '' }, undefined) }
  const address = `${asked.origin}${BACK}`
  const came =
    form === undefined ? new URL(`${address}?${answer}`) : new Request(address, { method: 'POST', body: answer })
  const session = await finishSignIn(way, begun, came, now_ms())
  const cleared = cookie(PENDING, '', BACK)
  if ('error' in session) return { page: notSignedInPage(session, way), cookies: [cleared] }
  online.sessions.keep(session.id, session)
  return { goTo: '/account', cookies: [cleared, cookie(SESSION, session.id, '/')] }
}

export function sessionOf({ online, now_ms }: Bank, { cookies }: Pick<Asked, 'cookies'>): Session | undefined {
  const session = online.sessions.find(cookies.get(SESSION) ?? '')
  return session && now_ms() < session.until_ms ? session : undefined
}

/** Deeds of somebody who is signed in: those of the counter, for himself, and to sign out. */
export function onlineDeedAt(bank: Bank, asked: Asked): Deed | undefined {
  const [, kind, deed, more] = asked.path.split('/')
  if (kind !== 'account' || more !== undefined) return undefined
  const session = sessionOf(bank, asked)
  if (!session) return async () => ({ goTo: '/sign-in' })
  if (deed === 'sign-out') {
    return async () => {
      bank.online.sessions.take(session.id)
      return { goTo: '/sign-in', cookies: [cookie(SESSION, '', '/')] }
    }
  }
  return deedFor(bank, deed ?? '', personOf(session), more => accountPageOf(bank, session, more))
}

const personOf = ({ subject, name }: Session) => ({
  home: '/account',
  customer: { ...customerOf(subject), name },
})

async function accountPageOf(bank: Bank, session: Session, more: Partial<CustomerView> = {}): Promise<Page> {
  const person = personOf(session)
  return accountPage(bank, session, { ...person, phones: await bank.scim.phonesOf(person.customer.id), ...more })
}

/** Without `Secure`, because the bank of the demo speaks plain http on this machine; a real one adds it. */
const cookie = (name: string, value: string, path: string) =>
  `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax${value === '' ? '; Max-Age=0' : ''}`
