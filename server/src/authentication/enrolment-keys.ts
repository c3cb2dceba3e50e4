/**
 * The keys of an app at enrolment and renewal: checked, with the evidence that whoever sends them holds them, and turned into rows.
 * The server makes the OATH secrets and seals them to the app.
 */

import { evidencePayload } from '@countersign/protocol/approve/activation.ts'
import type { CodeKey } from '@countersign/protocol/approve/codes.ts'
import { type AppKeys, algorithmOf, type KeyThumbprints, keyUses } from '@countersign/protocol/approve/public-key.ts'
import Value from 'typebox/value'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { algorithmsOf } from '#authentication/policy-document.ts'
import { oathSettingsOf } from '#domain/credential-type.ts'
import type { PushModel } from '#domain/device-type.ts'
import type { CredentialId, DeviceId } from '#domain/ids.ts'
import type { NewAppCredential } from '#domain/ports/app-queries.ts'
import type { Tenant } from '#domain/tenant.ts'

const EVIDENCE_TYPE = 'cs-evidence+jwt'
const SECRET_BYTES = 20
const codeUses = ['otp', 'challenge', 'signing'] as const

export interface CheckedKeys {
  readonly thumbprints: KeyThumbprints
  readonly logon: Uint8Array
  readonly action: Uint8Array
}

/** Whether they are of the algorithms of the policy. */
export function keysFit(tenant: Tenant, push: PushModel, keys: AppKeys): boolean {
  const wanted = algorithmsOf(tenant, push)
  return algorithmOf(keys.logon) === wanted.logon && algorithmOf(keys.action) === wanted.action
}

/** Undefined when a key is none, or serves two uses. */
export function checkKeys({ secrets }: Pick<ApprovalNeeds, 'secrets'>, keys: AppKeys): CheckedKeys | undefined {
  const spkis = keyUses.map(use => secrets.spkiOf(keys[use]))
  const [logon, action] = spkis
  if (!logon || !action || spkis.includes(undefined)) return undefined
  const of = (use: (typeof keyUses)[number]) => secrets.thumbprint(keys[use])
  const thumbprints = { logon: of('logon'), action: of('action'), request: of('request'), sealing: of('sealing') }
  if (new Set(Object.values(thumbprints)).size !== keyUses.length) return undefined
  return { thumbprints, logon, action }
}

/** Whether both signing keys signed this text about themselves: that is what proves that the app has them. */
export function evidenceFits(
  { verifier, secrets }: Pick<ApprovalNeeds, 'verifier' | 'secrets'>,
  keys: AppKeys,
  checked: CheckedKeys,
  evidence: readonly string[],
  expected: { readonly tenant: string; readonly uid: string; readonly root: string; readonly nonce: string },
): boolean {
  const signers = [
    { key: keys.logon, spki: checked.logon },
    { key: keys.action, spki: checked.action },
  ]
  const payloads = evidence.map(jws => jws.split('.')[1])
  if (evidence.length !== 2 || payloads[0] !== payloads[1]) return false
  const fits = signers.every(({ key, spki }, n) => {
    const [head = '', payload = '', signature = '', ...more] = (evidence[n] ?? '').split('.')
    const header = parsed(head) as { alg?: unknown; typ?: unknown } | undefined
    if (more.length > 0 || header?.typ !== EVIDENCE_TYPE || header.alg !== algorithmOf(key)) return false
    const signed = Buffer.from(`${head}.${payload}`)
    return verifier.verify(algorithmOf(key), spki, signed, Buffer.from(signature, 'base64url'))
  })
  const said = parsed(payloads[0] ?? '')
  if (!fits || !Value.Check(evidencePayload, said)) return false
  const sameKeys = keyUses.every(use => said.keys[use] === secrets.thumbprint(keys[use]))
  const { tenant, uid, root, nonce } = expected
  return sameKeys && said.tenant === tenant && said.uid === uid && said.root === root && said.nonce === nonce
}

export interface NewKeys {
  readonly transport: CredentialId
  readonly logon: CredentialId
  readonly action: CredentialId
  readonly rows: readonly NewAppCredential[]
  /** For the app, to be sealed to it. */
  readonly codes: readonly CodeKey[]
}

/** How many credential ids `newKeys` takes. */
export const keysOf = (push: PushModel): number => 3 + codeUses.filter(use => push.keys[use] !== undefined).length

export function newKeys(
  { random }: Pick<ApprovalNeeds, 'random'>,
  tenant: Tenant,
  push: PushModel,
  app: { readonly device: DeviceId; readonly keys: AppKeys; readonly checked: CheckedKeys; readonly now: number },
  ids: readonly CredentialId[],
): NewKeys {
  const [transport = 0, logon = 0, action = 0, ...others] = ids
  const expiryAt = app.now + push.renewAfter_days * 86_400_000
  const row = (id: number, type: string, secret: Uint8Array): NewAppCredential => ({
    id,
    device: app.device,
    externalId: `${app.device}.${type}`,
    type,
    secret: tenant.sealer.seal({ table: 'credential', column: 'secret', row: String(id) }, secret),
    startAt: app.now,
    expiryAt,
  })
  const { request, sealing } = app.keys
  const rows = [
    row(transport, push.keys.transport, Buffer.from(JSON.stringify({ request, sealing }))),
    row(logon, push.keys.logon, app.checked.logon),
    row(action, push.keys.action, app.checked.action),
  ]
  const codes: CodeKey[] = []
  for (const use of codeUses) {
    const type = push.keys[use]
    const settings = oathSettingsOf(tenant.configuration.findCredentialType(type ?? ''))
    const id = type === undefined || !settings ? undefined : others.shift()
    if (type === undefined || !settings || id === undefined) continue
    const secret = random.bytes(SECRET_BYTES)
    rows.push(row(id, type, secret))
    const { algorithm, hash, digits, step_seconds, suite, joiner, question_length } = settings
    codes.push({
      use,
      credential: String(id),
      ...{ algorithm, hash, digits, step_seconds },
      ...(suite === undefined ? {} : { suite }),
      ...(joiner === '' ? {} : { joiner }),
      ...(question_length === undefined ? {} : { question_length }),
      secret: Buffer.from(secret).toString('base64url'),
    })
  }
  return { transport, logon, action, rows, codes }
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
