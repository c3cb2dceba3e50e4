/**
 * Somebody enrols a passkey in his login (`enroll/fido`): options by the enrolAction of the workflow, then what his authenticator made of
 * them (Web Authentication Level 3 section 7.1). What protects it is asked both times. The challenge is spent and the try is taken
 * before anything is verified; when the tries of the enrolment are up it is closed in this login, which goes on without it.
 */

import type { Stepped } from '#authentication/login-answer.ts'
import { keepChallenge } from '#authentication/login-challenge.ts'
import { policyOf } from '#authentication/login-factor.ts'
import { changeOf, type Found, type Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { CHALLENGE_MS, newChallenge } from '#authentication/login-passkey.ts'
import { namedEnrolment, protectedBy } from '#authentication/login-protection.ts'
import { isOver, workflowOf } from '#authentication/login-step.ts'
import {
  enrolmentEvent,
  nameOf,
  obstacleOfDevice,
  type PasskeyKinds,
  registerPasskey,
} from '#authentication/passkey-enrolment.ts'
import { placeOf } from '#authentication/passkey-place.ts'
import { handleText, openedRecord } from '#authentication/passkey-record.ts'
import { decide } from '#domain/deciding-unit.ts'
import type { LoginUser } from '#domain/login.ts'
import { type AttestationConveyance, PASSKEY_ALGORITHMS } from '#domain/ports/passkeys.ts'
import { first, together } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { EnrolAction } from '#workflow/enrolment.ts'
import { isExhausted } from '#workflow/retry.ts'

export interface EnrolGiven {
  readonly policy: string
  readonly enrolId: string | undefined
  /** The call shows a token of the login's own client. */
  readonly byClient: boolean
  readonly correlation: string
}

const HANDLE_BYTES = 32
const MANY = 1000

export async function passkeyOptions(needs: LoginNeeds, found: Found, given: EnrolGiven): Promise<Stepped> {
  const { login } = found
  const { action, user, kinds } = await enrolling(needs, found, given)
  const { store, passkeyRows, devices, clock, random, logins } = needs
  const { number } = login.tenant
  const [keys, [waiting], [active], tries] = await store.read(number, () =>
    together(
      passkeyRows.passkeysOf(number, user.id),
      passkeyRows.waitingDevice(number, user.id, kinds.deviceType.code),
      devices.activeDevices(number, user.id, kinds.deviceType.code, 0),
      logins.tries(number, login.row.id),
    ),
  )
  if (isExhausted(action, tries.find(({ what }) => what === tryOf(action))?.tries ?? 0)) throw noMore()
  const obstacle = obstacleOfDevice({ action, ...kinds }, waiting, active?.total ?? 0, clock.now())
  if (obstacle !== undefined) return { login, answer: { kind: 'key refused', reason: obstacle } }
  const handle = handleText(keys[0]?.handle ?? random.bytes(HANDLE_BYTES))
  const challenge = newChallenge(needs)
  const asked = { kind: 'enrol', of: action.id, challenge, at_ms: clock.now(), user: user.id, handle } as const
  const after = await keepChallenge(needs, login, 'challenge', { passkey: asked })
  const known = keys.map(row => openedRecord(login.tenant, row))
  const options = {
    rp: { id: placeOf(login, action.rpId).rpId, name: login.client.document.name },
    user: { id: handle, name: user.name, displayName: user.name },
    challenge,
    pubKeyCredParams: PASSKEY_ALGORITHMS.map(alg => ({ type: 'public-key', alg })),
    timeout: CHALLENGE_MS,
    excludeCredentials: known.map(({ credentialId: id, transports }) => ({ type: 'public-key', id, transports })),
    authenticatorSelection: selectionOf(action),
    attestation: attestationOf(action),
    extensions: { credProps: true },
  }
  return { login: after, answer: { kind: 'options', options } }
}

function selectionOf({ residentKey = 'preferred', userVerification = 'preferred', ...action }: EnrolAction) {
  const { authenticatorAttachment } = action
  return {
    residentKey,
    requireResidentKey: residentKey === 'required',
    userVerification,
    ...(authenticatorAttachment === undefined ? {} : { authenticatorAttachment }),
  }
}

/** A list of models is worth what vouches for them (security.md W1). */
function attestationOf({
  attestationVerification: wanted = 'none',
  allowedAAGUIDs,
}: EnrolAction): AttestationConveyance {
  return wanted === 'none' && allowedAAGUIDs !== undefined ? 'direct' : wanted
}

export async function enrolPasskey(
  needs: LoginNeeds,
  found: Found,
  given: EnrolGiven & { readonly credential: unknown; readonly name: string | undefined },
): Promise<Stepped> {
  const { login } = found
  const { tenant } = login
  const { action, user, kinds } = await enrolling(needs, found, given)
  const asked = login.progress.passkey
  const mine = asked?.kind === 'enrol' && asked.of === action.id && asked.user === user.id
  const open = mine && needs.clock.now() - asked.at_ms < CHALLENGE_MS ? asked : undefined
  const spent = await spend(needs, login, action)
  const told = { login: spent, action, user, correlation: given.correlation }
  const verdict = open
    ? await needs.passkeys.verifyRegistration({
        ...{ credential: given.credential, challenge: open.challenge, ...placeOf(login, action.rpId) },
        userVerification: action.userVerification ?? 'preferred',
        attestation: attestationOf(action),
        allowedAAGUIDs: action.allowedAAGUIDs,
        policy: tenant.configuration.fido,
        now_ms: needs.clock.now(),
      })
    : ({ verdict: 'refused', reason: 'no_challenge', detail: '' } as const)
  if (verdict.verdict === 'refused') {
    const queries = enrolmentEvent(needs, tenant, told, verdict)
    await needs.store.write(tenant.number, function* () {
      yield queries
    })
    return { login: spent, answer: { kind: 'key refused', reason: verdict.reason } }
  }
  const { record } = verdict
  const enrolment = {
    ...{ ...told, ...kinds, record, name: nameOf(given.name, record) },
    handle: new Uint8Array(Buffer.from(open?.handle ?? '', 'base64url')),
    ids: await needs.ids.next(tenant.number, 2),
  }
  const done = await decide(needs, tenant, current => registerPasskey(needs, current, enrolment))
  if ('reason' in done) return { login: spent, answer: { kind: 'key refused', reason: done.reason } }
  return { login: spent, answer: { kind: 'enrolled', ...done } }
}

/** Takes a try, and the challenge out of the login. */
async function spend(needs: LoginNeeds, login: Login, action: EnrolAction): Promise<Login> {
  const { store, logins, clock } = needs
  const { tenant, row } = login
  const { passkey: _, ...progress } = login.progress
  const change = changeOf(login, clock.now(), progress)
  const done = await store.write(tenant.number, function* () {
    const limit = action.retry ?? MANY
    const taken = yield* first(logins.takeTry(tenant.number, row.id, tryOf(action), limit, row.revision))
    return taken !== undefined && (yield* first(logins.change(tenant.number, row.id, change))) !== undefined
  })
  if (!done) throw noMore()
  return { ...login, progress, row: { ...row, revision: row.revision + 1 } }
}

const tryOf = ({ id }: EnrolAction) => `enrol ${id}`

const noMore = () => new Refusal('access_denied', 'No more passkeys may be tried in this login.')

/** Which enrolment the call means, and for whom; refuses whatever is not protected as its workflow says. */
async function enrolling(
  needs: LoginNeeds,
  found: Found,
  { policy, enrolId, byClient }: EnrolGiven,
): Promise<{ readonly action: EnrolAction; readonly user: LoginUser; readonly kinds: PasskeyKinds }> {
  const { login } = found
  if (isOver(login)) throw new Refusal('access_denied', 'The login is over.')
  const action = namedEnrolment(
    workflowOf(login),
    'FIDO',
    one => one.code === policy && (enrolId === undefined || one.id === enrolId),
  )
  const user = await protectedBy(needs, found, action, byClient)
  if (!user) {
    throw new Refusal('not_allowed', 'What protects the enrolment was not proved in this login, or too long ago.', {
      members: { reason: 'protection_needed' },
    })
  }
  return { action, user, kinds: kindsOf(login, action) }
}

function kindsOf(login: Login, action: EnrolAction): PasskeyKinds {
  const { configuration } = login.tenant
  const policy = policyOf(login, action.code)
  const deviceType = configuration.findDeviceType(action.deviceType ?? 'DT_FIDO')
  const credentialType = action.credentialType ?? deviceType?.defaultCredentialType ?? ''
  const fits =
    policy.factor === 'fido' &&
    deviceType?.allowedCredentialTypes.includes(credentialType) &&
    configuration.findCredentialType(credentialType)?.factor === 'fido'
  if (!fits || !deviceType) {
    throw new Refusal('invalid_request', 'The enrolment names a policy or types that are not for passkeys.')
  }
  return { policy, deviceType, credentialType }
}
