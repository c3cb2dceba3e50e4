/** Calls of a login by somebody who lacks one of the things that hold it to its browser: all endpoints, all ways of lacking it. */
import { form, type Reply, send } from '../world.ts'
import type { Browser } from './browser.ts'
import { PASSWORDS, type SignInWorld } from './people.ts'

/** What is shown; undefined: left out. */
export interface Shown {
  readonly csrf?: string | undefined
  readonly field?: string | undefined
  readonly cookie?: string | undefined
}

export interface Endpoint {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly fields?: Readonly<Record<string, string>>
}

const steps: readonly Readonly<Record<string, string>>[] = [
  { grant_type: 'password', authType: 'AT_CUSTPWD', password: PASSWORDS.AT_CUSTPWD },
  { grant_type: 'password', authType: 'AT_EMPPIN', password: PASSWORDS.AT_EMPPIN },
  { grant_type: 'fido_challenge', authType: 'AT_FIDO' },
  { grant_type: 'oob', authType: 'AT_OOB', oob_method: 'email' },
  {
    grant_type: 'password_change',
    authType: 'AT_CUSTPWD',
    old_password: PASSWORDS.AT_CUSTPWD,
    new_password: 'Qz9-vxbdfhjmqY',
  },
  { grant_type: 'password_reset_request', authType: 'AT_CUSTPWD', method: 'email' },
  { grant_type: 'password_reset', authType: 'AT_CUSTPWD', reset_code: '12345678', new_password: 'Qz9-vxbdfhjmqY' },
  { grant_type: 'code_request' },
  { grant_type: 'cancel' },
]
const sharings = JSON.stringify([{ scope: 'openid', status: 'accepted', exp: -1 }])

export const endpoints: readonly Endpoint[] = [
  { name: 'flow', method: 'GET', path: 'flow' },
  { name: 'theme', method: 'GET', path: 'theme' },
  { name: 'consent', method: 'GET', path: 'consent' },
  { name: 'consent', method: 'PUT', path: 'consent', fields: { sharings } },
  { name: 'consent by POST', method: 'POST', path: 'consent', fields: { sharings } },
  { name: 'portal', method: 'POST', path: 'portal', fields: {} },
  {
    name: 'enroll/code',
    method: 'POST',
    path: 'enroll/code',
    fields: { grant_type: 'password', authType: 'AT_CUSTPWD', password: PASSWORDS.AT_CUSTPWD },
  },
  ...steps.map(fields => ({ name: `code ${fields.grant_type}`, method: 'POST' as const, path: 'code', fields })),
]
export const END: Endpoint = { name: 'the end', method: 'GET', path: 'code' }

export function tried(
  { world }: Pick<SignInWorld, 'world'>,
  { method, path, fields }: Endpoint,
  requestUri: string,
  username: string,
  { csrf, field, cookie }: Shown,
  more: Record<string, string> = {},
): Promise<Reply> {
  const headers = {
    ...(csrf === undefined ? {} : { 'server-csrf-token': csrf }),
    ...(cookie === undefined ? {} : { cookie }),
    ...more,
  }
  const address = `${world.base}/${world.demo.tenant}/authn/${path}`
  const given = {
    request_uri: requestUri,
    username,
    ...fields,
    ...(field === undefined ? {} : { 'server-csrf-token': field }),
  }
  if (method === 'GET') return send(`${address}?${form(given)}`, { headers })
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return send(address, { method, headers: { ...headers, ...type }, body: form(given) })
}

export const cookieOf = (browser: Browser, rename: (name: string) => string = name => name): string =>
  [...browser.cookies].map(([name, value]) => `${rename(name)}=${value}`).join('; ')

/** Whoever was not let in learns nothing: no csrf value, no step, no code. */
export const isRefused = ({ status, headers, text }: Reply): boolean =>
  (status >= 400 || (status === 303 && headers.get('location')?.includes('/portal?') === true)) &&
  headers.get('server-csrf-token') === null &&
  headers.getSetCookie().length === 0 &&
  !/"(firstFactors|consents|secondFactors|code)"|urn:hid:[0-9a-f-]{36}/.test(text)
