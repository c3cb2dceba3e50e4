/**
 * Enrolment online (approve protocol, section 4): ask the service who it is, make keys, prove to know the invite code, and believe the
 * answer only when it proves the same. Nothing is kept before that, so a failure leaves no half registration in the app.
 */
import { activationAnswer, activationStarted } from '@countersign/protocol/approve/activation.ts'
import { codeKeyOf, confirmationOf, proofKeyOf, proofOf, transcriptOf } from './activation-proof.ts'
import { type Bytes, fromBase64url, randomBytes, sameBytes, toBase64url } from './bytes.ts'
import { keepCodes, readCodes } from './code-keys.ts'
import type { Enrolment } from './enrolment.ts'
import { ask } from './exchange.ts'
import type { Invitation } from './invitation.ts'
import { evidenceOf } from './key-evidence.ts'
import { type FreshKeys, thumbprintsOf } from './key-pair.ts'
import { offsetFrom } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import { readPolicy } from './signed-policy.ts'
import type { Around } from './surroundings.ts'
import { type Trust, trustIn } from './trust-chain.ts'
import { freshKeysFor, keepKeys } from './vault/key-keeping.ts'
import { type FreshLock, makeLock } from './vault/password-lock.ts'
import type { Entry } from './vault/vault.ts'

type Started = Awaited<ReturnType<typeof start>>
type Answer = Awaited<ReturnType<typeof register>>['answer']

export async function activate(around: Around, invitation: Invitation, enrolment: Enrolment): Promise<Entry> {
  const { progress = () => {} } = enrolment
  progress('asking')
  const started = await start(around, invitation)
  const guard = await guardFor(around, started, enrolment)
  progress('keys')
  const fresh = await freshKeysFor(around.vault, started.algorithms, guard !== undefined)
  progress('code')
  const codeKey = await codeKeyOf(invitation.code, fromBase64url(started.salt))
  progress('registering')
  const registered = await register(around, invitation, enrolment, started, fresh, codeKey)
  progress('keeping')
  const entry = await entryOf(around, invitation, enrolment, started, fresh, guard, registered)
  await around.vault.change(entry.id, () => entry)
  return entry
}

async function start({ fetch, now_ms }: Around, { service, uid, type, root }: Invitation) {
  const url = `${service.root}/approve/v1/activation/start`
  const body = JSON.stringify({ uid, ...(type === undefined ? {} : { type }) })
  const answer = await ask(fetch, { method: 'POST', url, body }, activationStarted)
  // What it calls itself may differ from the name in the invitation (a proxy's); the transcript has the one that was used.
  if (answer.tenant !== service.tenant)
    throw new SdkError('untrusted_service', `The service at ${service.name} calls itself ${answer.service}.`)
  const offset_ms = offsetFrom(answer.server_time, now_ms())
  const trust: Trust = await trustIn(answer, root, answer.server_time)
  return { ...answer, offset_ms, trust }
}

async function guardFor({ vault }: Around, { protection }: Started, { password }: Enrolment) {
  if (protection.kind !== 'password') return undefined
  const chosen = await password?.(protection.password)
  if (chosen === undefined || chosen === '')
    throw new SdkError('password_required', 'The service wants a password for this registration.')
  return makeLock(vault, chosen, protection.password)
}

async function register(
  around: Around,
  invitation: Invitation,
  { name, platform }: Enrolment,
  started: Started,
  fresh: FreshKeys,
  codeKey: Bytes,
) {
  const { method, uid, dir, did, service } = invitation
  const { root } = started.trust
  const rnd = invitation.rnd === undefined ? undefined : fromBase64url(invitation.rnd)
  const deviceNonce = toBase64url(randomBytes(16))
  const place = { method, root, service: service.name, tenant: started.tenant, dir, did, uid }
  const keys = await thumbprintsOf(fresh.public)
  const transcript = await transcriptOf({ ...place, keys, deviceNonce, serverNonce: started.nonce })
  const proofKey = await proofKeyOf(codeKey, rnd)
  const iat = Math.floor((around.now_ms() + started.offset_ms) / 1000)
  const body = {
    ...place,
    nonce: started.nonce,
    device_nonce: deviceNonce,
    keys: fresh.public,
    name,
    platform,
    key_protection: around.vault.keyProtection,
    proof: toBase64url(await proofOf(proofKey, 'device', transcript)),
    ...(rnd ? { tag: toBase64url(await proofOf(rnd, 'qr', transcript)) } : {}),
    evidence: await evidenceOf(fresh, { tenant: started.tenant, uid, root, nonce: started.nonce, iat }),
  }
  const url = `${service.root}/approve/v1/activation`
  const answer = await ask(around.fetch, { method: 'POST', url, body: JSON.stringify(body) }, activationAnswer)
  const expected = await proofOf(proofKey, 'server', transcript)
  if (!sameBytes(expected, fromBase64url(answer.server_proof)))
    throw new SdkError('untrusted_service', 'The service does not know the invite code. Nothing was kept.')
  return { answer, confirmation: await confirmationOf(proofKey, transcript) }
}

async function entryOf(
  around: Around,
  { uid, service }: Invitation,
  { name }: Enrolment,
  { tenant, trust, offset_ms }: Started,
  fresh: FreshKeys,
  guard: FreshLock | undefined,
  { answer, confirmation }: { readonly answer: Answer; readonly confirmation: string },
): Promise<Entry> {
  if (answer.tenant !== tenant) throw new SdkError('untrusted_service')
  const policy = await readPolicy(answer.policy, trust.working, tenant)
  const codes = await readCodes(answer.codes, fresh.private.sealing)
  const created_at = answer.server_time
  return {
    id: toBase64url(randomBytes(12)),
    kind: 'online',
    name,
    serviceName: policy.service.name,
    user: answer.user,
    created_at,
    codes: await keepCodes(around.vault, codes, guard?.key),
    history: [],
    registration: {
      service: service.name,
      tenant,
      device: answer.device,
      uid,
      ...trust,
      policy,
      keys: await keepKeys(around.vault, fresh, guard, created_at),
      call_counter: 0,
      tx_counter: 0,
      offset_ms,
      status: answer.status === 'PENDING' ? 'pending' : 'active',
      confirmation,
    },
  }
}
