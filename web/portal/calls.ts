/**
 * The calls of the portal. Each carries the newest `server-csrf-token` and takes the next one from its answer, so they go out one after
 * the other. A call that does not arrive is an answer, too: status 0.
 */
import type { Boot } from './boot.ts'

const CSRF = 'server-csrf-token'

export interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  /** `retry-after`. */
  readonly wait_seconds: number | undefined
}

export interface Calls {
  flow(username?: string): Promise<Reply>
  theme(): Promise<Reply>
  code(fields: Readonly<Record<string, string>>): Promise<Reply>
  /** What protects an enrolment. */
  enrolCode(fields: Readonly<Record<string, string>>): Promise<Reply>
  enrol(what: 'fido' | 'card', members: object): Promise<Reply>
  consents(): Promise<Reply>
  sign(sharings: string): Promise<Reply>
  /** Where the application takes over: the browser itself goes there. */
  readonly end: string
}

type Fetch = (address: string, init: RequestInit) => Promise<Response>

export function openCalls({ base, requestUri, csrf, themeId }: Boot, fetch: Fetch): Calls {
  const held = { csrf, last: Promise.resolve() as Promise<unknown> }

  async function sent(address: string, init: RequestInit): Promise<Reply> {
    try {
      const headers = { ...init.headers, accept: 'application/json', [CSRF]: held.csrf }
      const response = await fetch(address, { ...init, headers, redirect: 'error', cache: 'no-store' })
      held.csrf = response.headers.get(CSRF) ?? held.csrf
      const body = await response.json().catch(() => ({}))
      const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
      return { status: response.status, body, wait_seconds: Number.isFinite(wait) ? wait : undefined }
    } catch {
      return { status: 0, body: { error: 'unreachable' }, wait_seconds: undefined }
    }
  }
  const call = (name: string, query: Record<string, string>, init: RequestInit = {}): Promise<Reply> => {
    const address = `${base}${name}${init.method ? '' : `?${new URLSearchParams({ request_uri: requestUri, ...query })}`}`
    const next = held.last.then(() => sent(address, init))
    held.last = next
    return next
  }
  const post = (name: string, fields: Readonly<Record<string, string>>) =>
    call(name, {}, { method: 'POST', body: new URLSearchParams({ ...fields, request_uri: requestUri }) })

  return {
    flow: username => call('flow', username === undefined ? {} : { username }),
    theme: () => call('theme', themeId === undefined ? {} : { theme_id: themeId }),
    code: fields => post('code', fields),
    enrolCode: fields => post('enroll/code', fields),
    enrol: (what, members) =>
      call(
        `enroll/${what}`,
        {},
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...members, request_uri: requestUri }),
        },
      ),
    consents: () => call('consent', {}),
    sign: sharings => post('consent', { sharings }),
    end: `${base}code?${new URLSearchParams({ request_uri: requestUri })}`,
  }
}
