/**
 * A passkey as a factor of a login: the page asks for options with a challenge (`fido_challenge`), and hands over what the authenticator
 * made of it (`password`). As the first factor also without a name: the passkey says whose it is. The challenge stands in the row of
 * the login, is good once and for five minutes, and the next one takes its place.
 *
 * Who has passkeys is told to nobody: a name without any gets ids that no authenticator made, the same each time (Web Authentication
 * section 14.6.2). A person who has proved a first factor sees his own.
 */

import { type Assertion, readAssertion } from '#authentication/assertion.ts'
import type { Stepped } from '#authentication/login-answer.ts'
import { keepChallenge } from '#authentication/login-challenge.ts'
import { noTemplate } from '#authentication/login-error.ts'
import { actorOf, firstFactor, policyOf, secondFactor } from '#authentication/login-factor.ts'
import { changeOf, type Found, type Login, type Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import {
  afterFirst,
  afterProofs,
  afterSecond,
  alongside,
  isOver,
  moved,
  type Right,
  wrong,
} from '#authentication/login-step.ts'
import { type PasskeyPlace, placeOf } from '#authentication/passkey-place.ts'
import { keyName, openedRecord } from '#authentication/passkey-record.ts'
import type { Accepted } from '#authentication/proof.ts'
import { type PasskeyProof, proveWithPasskey } from '#authentication/prove-with-passkey.ts'
import type { AskedPasskey } from '#domain/login.ts'
import type { NamedPersonRow } from '#domain/ports/passkey-queries.ts'
import { rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import type { Next } from '#workflow/next-step.ts'

export interface PasskeyGiven {
  /** As the call itself says it. */
  readonly name: string | undefined
  readonly policy: string
  readonly assertion: unknown
  readonly correlation: string
}

const CHALLENGE_BYTES = 32
export const CHALLENGE_MS = 300_000

export const newChallenge = ({ random }: Pick<LoginNeeds, 'random'>): string =>
  Buffer.from(random.bytes(CHALLENGE_BYTES)).toString('base64url')

/** `fido_challenge`. */
export async function askPasskey(needs: LoginNeeds, found: Found, policy: string): Promise<Stepped> {
  const { login, person, name } = found
  if (isOver(login)) return { login, answer: { kind: 'over' } }
  const proved = login.progress.first !== undefined
  const factor = proved ? await secondFactor(needs, login, policy, person) : firstFactor(login, policy, person)
  assertPasskey(login, factor)
  const { passkey } = factor
  const challenge = newChallenge(needs)
  const asked: AskedPasskey = { kind: 'prove', of: factor.id, challenge, at_ms: needs.clock.now() }
  const after = await keepChallenge(needs, login, 'challenge', { passkey: asked })
  const named = proved || (passkey.discoverCredentialsInDevice !== true && name !== undefined)
  const allowCredentials = named ? await allowed(needs, after, person, name ?? '') : undefined
  if (proved && allowCredentials?.length === 0) {
    throw new Refusal('not_allowed', 'The user has no passkey.', { members: { reason: 'no_passkey' } })
  }
  return {
    login: after,
    answer: {
      kind: 'options',
      options: {
        challenge,
        rpId: placeOf(login, passkey.rpId).rpId,
        timeout: CHALLENGE_MS,
        userVerification: passkey.userVerification ?? 'preferred',
        ...(allowCredentials === undefined ? {} : { allowCredentials }),
      },
    },
  }
}

/** Who has more than so many tells that he has some. */
const SHOWN_KEYS = 3

async function allowed(
  { store, passkeyRows, loginSecrets }: LoginNeeds,
  { tenant, progress }: Login,
  person: Person | undefined,
  name: string,
): Promise<readonly object[]> {
  const user = progress.user?.id ?? person?.id ?? 0
  const rows = await store.read(tenant.number, () => rowsOf(passkeyRows.passkeysOf(tenant.number, user)))
  const records = rows.map(row => openedRecord(tenant, row))
  if (progress.first !== undefined) {
    return records.map(({ credentialId: id, transports }) => ({ type: 'public-key', id, transports }))
  }
  const ids = records.map(({ credentialId }) => credentialId)
  // As many for everybody, and in no order; what transports a key has would tell that it is a real one.
  for (let n = ids.length; n < SHOWN_KEYS; n++) ids.push(loginSecrets.nobodysKey(tenant.number, `${name} ${n}`))
  return ids.sort().map(id => ({ type: 'public-key', id }))
}

function assertPasskey(login: Login, factor: Factor): void {
  if (factor.class !== 'FIDO' || policyOf(login, factor.code).factor !== 'fido') {
    throw new Refusal('invalid_request', 'authType is no passkey of this login.')
  }
}

/** `password`, with an assertion. */
export async function provePasskeyStep(needs: LoginNeeds, found: Found, given: PasskeyGiven): Promise<Stepped> {
  const { login } = found
  if (isOver(login)) return { login, answer: { kind: 'over' } }
  const assertion = readAssertion(given.assertion)
  if (login.progress.first !== undefined) {
    const factor = await secondFactor(needs, login, given.policy, found.person)
    return proveSecond(needs, login, factor, assertion, given)
  }
  const meant = given.name === undefined ? await meantBy(needs, found, assertion) : found
  const factor = firstFactor(login, given.policy, meant.person)
  return proveFirst(needs, { ...found, ...meant }, factor, assertion, given)
}

/** Without a name: whose the passkey is, by what its authenticator gave back. */
async function meantBy(
  { store, passkeyRows }: LoginNeeds,
  { login, person, name }: Found,
  assertion: Assertion | undefined,
): Promise<Pick<Found, 'person' | 'name'>> {
  const { number } = login.tenant
  const { userHandle, credentialId } = assertion ?? {}
  if (userHandle === undefined && credentialId === undefined) return { person, name }
  const query =
    userHandle === undefined
      ? passkeyRows.personOfKey(number, keyName(credentialId ?? ''))
      : passkeyRows.personOfHandle(number, new Uint8Array(Buffer.from(userHandle, 'base64url')))
  const rows: readonly NamedPersonRow[] = await store.read(number, () => rowsOf(query))
  const [row] = rows
  if (!row) return { person: undefined, name: undefined }
  const owned = new Set(rows.flatMap(({ policy }) => (policy === null ? [] : [policy])))
  return { person: { id: row.user, externalId: row.externalId, owned }, name: row.userName }
}

async function proveFirst(
  needs: LoginNeeds,
  { login, person, name = '' }: Found,
  factor: FirstFactor,
  assertion: Assertion | undefined,
  given: PasskeyGiven,
): Promise<Stepped> {
  const now = needs.clock.now()
  const asking = askingOf(needs, login, factor)
  let done: { readonly right: Right; readonly next: Next } | undefined
  const right = (accepted: Accepted) => {
    const same = person !== undefined && accepted.user === person.id
    done = same ? afterFirst(asking.spent, factor, person, name, accepted, now) : undefined
    return done?.right
  }
  const verdict = await prove(needs, asking, factor, name, assertion, given, right)
  if (verdict.outcome === 'rejected') return refused(needs, asking.spent, factor, verdict.reason)
  if (!done) return noTemplate(needs, asking.spent)
  const after = moved(asking.spent, done.right)
  if (done.next.step === 'second') return { login: after, answer: { kind: 'second', factors: done.next.factors } }
  return { login: after, answer: await afterProofs(needs, after, verdict.expiresAt_ms) }
}

async function proveSecond(
  needs: LoginNeeds,
  login: Login,
  factor: SecondFactor,
  assertion: Assertion | undefined,
  given: PasskeyGiven,
): Promise<Stepped> {
  const { user } = login.progress
  if (!user) throw new Refusal('invalid_request')
  const now = needs.clock.now()
  const asking = askingOf(needs, login, factor)
  let right: Right | undefined
  const verdict = await prove(needs, asking, factor, user.name, assertion, given, accepted => {
    right = accepted.user === user.id ? afterSecond(asking.spent, factor, accepted, now) : undefined
    return right
  })
  if (verdict.outcome === 'rejected') return refused(needs, asking.spent, factor, verdict.reason)
  if (!right) return { login: asking.spent, answer: { kind: 'wrong', left: undefined } }
  const after = moved(asking.spent, right)
  return { login: after, answer: await afterProofs(needs, after, verdict.expiresAt_ms) }
}

interface Asking {
  readonly login: Login
  /** The login without its challenge, as the first unit leaves it. */
  readonly spent: Login
  readonly challenge: string | undefined
  readonly place: PasskeyPlace
}

function askingOf({ clock }: LoginNeeds, login: Login, factor: Factor): Asking {
  assertPasskey(login, factor)
  const { passkey: asked, ...progress } = login.progress
  const open = asked?.kind === 'prove' && asked.of === factor.id && clock.now() - asked.at_ms < CHALLENGE_MS
  const spent: Login = asked ? { ...login, progress, row: { ...login.row, revision: login.row.revision + 1 } } : login
  return { login, spent, challenge: open ? asked.challenge : undefined, place: placeOf(login, factor.passkey.rpId) }
}

/** The try is taken from the login as it was read, what comes of it is written over the one whose challenge is spent. */
async function prove(
  needs: LoginNeeds,
  { login, spent, challenge, place }: Asking,
  factor: Factor,
  name: string,
  assertion: Assertion | undefined,
  { correlation }: PasskeyGiven,
  right: (accepted: Accepted) => Right | undefined,
) {
  const { tenant, client, row } = login
  const { logins, clock } = needs
  const { reserve } = alongside(needs, login, factor, right)
  const proof: PasskeyProof = {
    ...{ name, assertion, challenge, place, correlation },
    userVerification: factor.passkey.userVerification ?? 'preferred',
    policy: policyOf(login, factor.code),
    spend:
      spent === login ? undefined : logins.change(tenant.number, row.id, changeOf(login, clock.now(), spent.progress)),
    alongside: { ...alongside(needs, spent, factor, right), reserve },
    ...{ secret: '', mode: 'SYNCHRONOUS', device: undefined, values: [], scope: '', session: false },
    channel: client.document.userChannel,
    client: client.clientId,
    actor: actorOf(login),
  }
  const verdict = await proveWithPasskey(needs, tenant, proof)
  if (verdict.outcome === 'rejected') await needs.authentication.failed(tenant)
  return verdict
}

async function refused(needs: LoginNeeds, spent: Login, factor: Factor, reason: string): Promise<Stepped> {
  return { login: spent, answer: await wrong(needs, spent, factor, reason) }
}
