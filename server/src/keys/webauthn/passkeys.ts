/**
 * Passkeys verified: Web Authentication Level 3 sections 7.1 and 7.2. Registrations go through `@simplewebauthn/server`, which knows the
 * formats of attestation; assertions need one signature, which `node:crypto` verifies in half the time and without loading it.
 *
 * Everything is read and bounded by us first, and whom to trust is decided by us alone: the library's own roots are switched off,
 * because with them it calls addresses that a stranger's certificate names, and `android-key` never reaches it for that reason.
 * Counter and backup flags are compared after the signature, so that nobody without the key can have a clone reported.
 * docs/standards/webauthn.md lists what the library leaves to its caller.
 */
import { createHash } from 'node:crypto'
import type { FidoModels } from '#domain/ports/fido-metadata.ts'
import {
  type AssertionCheck,
  type AssertionVerdict,
  PASSKEY_ALGORITHMS,
  type PasskeyRecord,
  type Passkeys,
  type RegistrationCheck,
  type RegistrationVerdict,
} from '#domain/ports/passkeys.ts'
import { sameText } from '#domain/same-text.ts'
import { verifyAndroidKey } from '#keys/webauthn/android-key.ts'
import { type AttestationObject, readAttestationObject } from '#keys/webauthn/attestation-object.ts'
import { type AuthenticatorData, readAuthenticatorData } from '#keys/webauthn/authenticator-data.ts'
import { checkClientData } from '#keys/webauthn/client-data.ts'
import { isSignedBy } from '#keys/webauthn/key-signature.ts'
import { loadLibrary } from '#keys/webauthn/library.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'
import { base64url, type RegistrationInput, readAssertion, readRegistration } from '#keys/webauthn/read-credential.ts'
import { judgeTrust } from '#keys/webauthn/trust.ts'

export class WebAuthnPasskeys implements Passkeys {
  readonly #models: FidoModels

  constructor(models: FidoModels) {
    this.#models = models
  }

  async verifyRegistration(check: RegistrationCheck): Promise<RegistrationVerdict> {
    // Before, because a library that cannot be loaded is no stranger's fault.
    await loadLibrary()
    const read = await guarded(() => readRegistered(check))
    if (read instanceof Malformed) return refused(read)
    const { input, object, attested } = read
    const { aaguid } = attested
    const model = await this.#models.find(aaguid)
    const { format, chain, authenticatorData: data } = object
    const question = { ...check, aaguid, chain, isNone: format === 'none', model }
    const trusted = await guarded(() => judgeTrust(question))
    if (trusted instanceof Malformed) return refused(trusted)
    const record: PasskeyRecord = {
      credentialId: input.id,
      publicKey: base64url(attested.publicKey),
      counter: data.counter,
      transports: input.transports,
      aaguid,
      backupEligible: data.backupEligible,
      backedUp: data.backedUp,
      discoverable: input.discoverable,
      attestation: { format, trusted },
      model: model?.description ?? null,
    }
    return { verdict: 'accepted', record, userVerified: data.userVerified }
  }

  async verifyAssertion(check: AssertionCheck): Promise<AssertionVerdict> {
    const verdict = await guarded(() => assert(check))
    return verdict instanceof Malformed ? { verdict: 'refused', reason: verdict.reason } : verdict
  }
}

function refused({ reason, message }: Malformed): RegistrationVerdict {
  return { verdict: 'refused', reason, detail: message }
}

/** What breaks over a stranger's bytes, in whosever reader, refuses them. */
async function guarded<T>(work: () => Promise<T>): Promise<T | Malformed> {
  try {
    return await work()
  } catch (error) {
    return error instanceof Malformed ? error : inWords(error, 'malformed')
  }
}

async function readRegistered(check: RegistrationCheck) {
  const input = readRegistration(check.credential)
  checkClientData(input.clientData, { type: 'webauthn.create', ...check })
  const object = readAttestationObject(input.attestationObject)
  checkAuthenticator(object.authenticatorData, check)
  const { attested } = object.authenticatorData
  if (!attested) throw new Malformed('no credential in authenticator data')
  if (base64url(attested.credentialId) !== input.id) throw new Malformed('id is not that of the attested credential')
  await verifyStatement(input, object, check)
  return { input, object, attested }
}

async function verifyStatement(
  { id, clientData, attestationObject }: RegistrationInput,
  object: AttestationObject,
  { challenge, origins, rpId, userVerification }: RegistrationCheck,
): Promise<void> {
  if (object.format === 'android-key') {
    return verifyAndroidKey(object, createHash('sha256').update(clientData).digest())
  }
  const library = await loadLibrary()
  const response = {
    ...{ id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} },
    response: { clientDataJSON: base64url(clientData), attestationObject: base64url(attestationObject) },
  }
  const { verified } = await library
    .verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    })
    .catch(refuse('attestation_invalid'))
  if (!verified) throw new Malformed('the signature of the attestation is wrong', 'attestation_invalid')
}

async function assert(check: AssertionCheck): Promise<AssertionVerdict> {
  const input = readAssertion(check.assertion)
  const { record } = check
  const id = record.credentialId
  if (input.id !== undefined && input.id !== id) throw new Malformed('another credential', 'credential_mismatch')
  checkClientData(input.clientData, { type: 'webauthn.get', ...check })
  const data = readAuthenticatorData(input.authenticatorData)
  checkAuthenticator(data, check)
  const signed = Buffer.concat([input.authenticatorData, createHash('sha256').update(input.clientData).digest()])
  if (!(await isSignedBy(record.publicKey, signed, input.signature))) {
    throw new Malformed('the signature is wrong', 'signature_invalid')
  }
  return judge(data, record)
}

/** What only the holder of the key can have said: section 7.2 steps 18 and 22. */
function judge(data: AuthenticatorData, record: AssertionCheck['record']): AssertionVerdict {
  if (data.backupEligible !== record.backupEligible) return { verdict: 'refused', reason: 'backup_eligibility_changed' }
  const counted = data.counter > 0 || record.counter > 0
  if (counted && data.counter <= record.counter) return { verdict: 'refused', reason: 'counter_went_back' }
  return { verdict: 'accepted', counter: data.counter, userVerified: data.userVerified, backedUp: data.backedUp }
}

function checkAuthenticator(
  data: AuthenticatorData,
  { rpId, userVerification }: RegistrationCheck | AssertionCheck,
): void {
  const expected = createHash('sha256').update(rpId).digest('hex')
  if (!sameText(Buffer.from(data.rpIdHash).toString('hex'), expected)) {
    throw new Malformed('made for another relying party', 'rp_id_mismatch')
  }
  if (!data.userPresent) throw new Malformed('nobody was there', 'user_not_present')
  if (userVerification === 'required' && !data.userVerified) {
    throw new Malformed('the user was not verified', 'user_not_verified')
  }
}

const LONGEST_DETAIL = 200

/** The library throws for whatever it does not like; its words may quote the stranger. */
function refuse(reason: string): (error: unknown) => never {
  return error => {
    throw inWords(error, reason)
  }
}

function inWords(error: unknown, reason: string): Malformed {
  const words = error instanceof Error ? error.message : 'not understood'
  return new Malformed(words.replace(/[^\x20-\x7e]+/g, ' ').slice(0, LONGEST_DETAIL), reason)
}
