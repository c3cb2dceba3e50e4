/**
 * Whether a key's maker is one that the tenant trusts: FIDO Metadata Service 3.1 section 3, and the rules W1 and W2.
 *
 * A list of models is worth no more than the chain behind it: an AAGUID alone is text that anybody can write. So a list asks for
 * attestation that leads to an anchor of that very model; `none` and self attestation never pass it. Statuses are judged also
 * where no attestation was asked for: who says that he is a compromised model is taken at his word.
 */
import { type FidoPolicy, isRefused } from '#domain/fido-policy.ts'
import type { FidoModel, StatusReport } from '#domain/ports/fido-metadata.ts'
import type { AttestationConveyance } from '#domain/ports/passkeys.ts'
import { leadsToAnchor } from '#keys/webauthn/chain.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'

export interface TrustQuestion {
  readonly aaguid: string
  /** Leaf first; empty for `none` and self attestation. */
  readonly chain: readonly Uint8Array[]
  readonly isNone: boolean
  readonly attestation: AttestationConveyance
  readonly allowedAAGUIDs: readonly string[] | undefined
  readonly model: FidoModel | undefined
  readonly policy: FidoPolicy
  readonly now_ms: number
}

/** Answers whether somebody vouches for the key; throws where it may not be used. */
export async function judgeTrust(question: TrustQuestion): Promise<boolean> {
  const { aaguid, chain, isNone, attestation, allowedAAGUIDs, policy } = question
  const listed = allowedAAGUIDs !== undefined
  if (listed && !allowedAAGUIDs.includes(aaguid)) {
    throw new Malformed(`${aaguid} is not in the list of the workflow`, 'aaguid_not_allowed')
  }
  judgeStatuses(question)
  const asked = listed || attestation === 'direct' || attestation === 'enterprise'
  if (isNone && asked) throw new Malformed(`${nameOf(question)} came without attestation`, 'attestation_missing')
  const untrusted = await whyUntrusted(question)
  if (untrusted && asked && (listed || !policy.allowUntrustedDirect)) throw untrusted
  return chain.length > 0 && !untrusted
}

async function whyUntrusted(question: TrustQuestion): Promise<Malformed | undefined> {
  const { aaguid, chain, model, policy, now_ms } = question
  if (chain.length === 0) return new Malformed(`${nameOf(question)} vouches for itself only`, 'attestation_self')
  const anchors = [...(model?.anchors ?? []).map(fromBase64), ...configured(policy, aaguid)]
  if (anchors.length === 0) {
    return new Malformed(`neither the FIDO metadata nor the policy has an anchor for ${nameOf(question)}`, 'no_anchor')
  }
  if (await leadsToAnchor(chain, anchors, now_ms)) return undefined
  return new Malformed(`the chain leads to no anchor for ${nameOf(question)}`, 'chain_untrusted')
}

/** What the key says that it is. */
const nameOf = ({ aaguid, model }: TrustQuestion) =>
  model ? `${model.description} (${aaguid})` : `a key of model ${aaguid}`

function judgeStatuses({ model, policy, chain, now_ms }: TrustQuestion): void {
  const refused = model?.reports.find(report => isRefused(policy, report, now_ms) && concerns(report, chain))
  if (!model || !refused) return
  const since = refused.effectiveDate ? ` since ${refused.effectiveDate}` : ''
  throw new Malformed(
    `the FIDO metadata calls ${model.description} ${refused.status}${since}`,
    `status_${refused.status}`,
  )
}

/** A report on one attestation certificate says nothing of keys that were attested by others. */
function concerns({ certificate }: StatusReport, chain: readonly Uint8Array[]): boolean {
  return certificate === undefined || chain.some(one => fromBase64(certificate).equals(one))
}

function configured({ anchors }: FidoPolicy, aaguid: string): readonly Uint8Array[] {
  return anchors.filter(({ aaguids }) => aaguids.includes(aaguid)).map(({ pem }) => fromPem(pem))
}

const fromBase64 = (text: string) => Buffer.from(text, 'base64')

function fromPem(pem: string): Uint8Array {
  return fromBase64(pem.replace(/-----[A-Z ]+-----/g, '').replace(/\s+/g, ''))
}
