/**
 * Walks a login through all states that its calls can bring about, from the pushed request on: in each state every call is made, from the
 * same rows. What comes out is the table of all that succeeded or moved something.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { LoginProgress } from '#domain/login.ts'
import { basic, form, send } from '../world.ts'
import { Browser, type PortalClient, portalClient, REDIRECT } from './browser.ts'
import { type Around, type Call, callsFor, type Here } from './calls.ts'
import type { Case } from './cases.ts'
import { type Standing, standingOf, wordsOf } from './declared.ts'
import type { SignInWorld } from './people.ts'
import { ask, type Kept, keep, loginIdOf, loginRow, plain, putBack, TENANT, type Whose } from './rows.ts'

export interface State {
  readonly standing: Standing
  readonly kept: Kept
  readonly here: Here
}

export interface Walk {
  readonly whose: Whose
  readonly states: ReadonlyMap<string, State>
  /** state → call → where it led; calls that were refused and changed nothing are left out. */
  readonly moves: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export const verifier = () => randomBytes(32).toString('base64url')
export const challengeOf = (text: string) => createHash('sha256').update(text).digest('base64url')

export async function pushed(
  { world }: Pick<SignInWorld, 'world'>,
  { id, secret }: PortalClient,
  more: Record<string, string> = {},
): Promise<string> {
  const fields = { client_id: id, redirect_uri: REDIRECT, scope: 'openid profile', response_type: 'code', ...more }
  const { status, body, text } = await send(`${world.base}/${world.demo.tenant}/authn/par`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(secret === undefined ? {} : { authorization: basic(id, secret) }),
    },
    body: form(fields),
  })
  if (status !== 201) throw new Error(`par: ${status} ${text}`)
  return body.request_uri
}

async function standing({ ground: { world } }: Around, login: number): Promise<Standing> {
  const row = await loginRow(world, login)
  if (row.state !== 'OPEN') return { at: String(row.state).toLowerCase() as 'coded' }
  const progress = JSON.parse(String(row.progress)) as LoginProgress
  const at = row.browser === null ? (row.revision === 0 ? 'pushed' : 'api') : 'visited'
  const { approval } = progress
  if (!approval) return standingOf(at, progress, undefined)
  const [asked] = await ask<{ state: string; positive: number | null }>(
    world,
    'select state as "state", positive as "positive" from approval where tenant_number = ?1 and id = ?2',
    ...[TENANT, approval.id],
  )
  return standingOf(at, progress, asked?.state === 'ANSWERED' ? (asked.positive === 1 ? 'yes' : 'no') : 'asked')
}

export async function walk(around: Around, calls: ReadonlyMap<string, Call>, requestUri: string): Promise<Walk> {
  const { world } = around.ground
  const { id, token } = around.person
  const credentials = token
    ? await ask<{ id: number }>(
        world,
        'select id as "id" from credential where tenant_number = ?1 and device_id = ?2',
        ...[TENANT, Number(token.deviceId)],
      )
    : []
  const login = loginIdOf(world, requestUri)
  const whose = { login, user: Number(id), credentials: credentials.map(one => one.id) }
  const browser = new Browser(world)
  browser.requestUri = requestUri
  const begin = {
    standing: await standing(around, login),
    kept: await keep(world, whose),
    here: { browser, code: undefined },
  }
  const states = new Map<string, State>([[wordsOf(begin.standing), begin]])
  const moves: Record<string, Record<string, string>> = {}
  for (const [words, state] of states) {
    const found: Record<string, string> = {}
    moves[words] = found
    for (const [name, call] of calls) {
      await putBack(world, whose, state.kept)
      const before = await snapshotOf(around, login)
      const here = { browser: state.here.browser.copy(), code: state.here.code }
      const done = await call(here, around)
      const after = await standing(around, login)
      const next = wordsOf(after)
      const { status, text, body } = done.reply
      if (status >= 500) throw new Error(`${words}: ${name}: ${status} ${text}`)
      if (next === words && before === (await snapshotOf(around, login))) {
        if (ONWARD.includes(body.error)) throw new Error(`${words}: ${name}: ${body.error}, and nothing moved`)
        if (status < 400) found[name] = next
        continue
      }
      found[name] = next
      if (states.has(next)) continue
      const there = { browser: done.browser ?? here.browser, code: done.code ?? state.here.code }
      states.set(next, { standing: after, kept: await keep(world, whose), here: there })
    }
  }
  return { whose, states, moves }
}

/** Told only to who has come on. */
const ONWARD = ['step_up_required', 'consent_required']

const snapshotOf = async ({ ground: { world } }: Around, login: number) =>
  JSON.stringify(plain(await loginRow(world, login)))

/** A client, its people and the walk of one case. */
export async function walkOf(ground: SignInWorld, { payload, owned, metadata }: Case) {
  const { world, bearer } = ground
  const factors: readonly { readonly code: string }[] = [...payload.firstFactors, ...(payload.secondFactors ?? [])]
  const around: Around = {
    ground,
    client: await portalClient(world, bearer, payload, metadata),
    stranger: await portalClient(world, bearer, payload, metadata),
    person: await ground.person(...owned),
    other: await ground.person('AT_CUSTPWD'),
    verifier: verifier(),
    policies: [...new Set(factors.map(({ code }) => code))],
  }
  const asked = { code_challenge: challengeOf(around.verifier), code_challenge_method: 'S256' }
  return { around, walk: await walk(around, callsFor(around), await pushed(ground, around.client, asked)) }
}
