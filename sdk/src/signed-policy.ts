/** The policy document as an app takes it: signed by a working key, of its own tenant and device type, never an older one (section 5). */
import { fits } from '@countersign/protocol/approve/fits.ts'
import { POLICY_TYPE, type PolicyDocument, policyDocument } from '@countersign/protocol/approve/policy-document.ts'
import type { EcKey } from '@countersign/protocol/approve/public-key.ts'
import { verifiedPayload } from './compact-jws.ts'
import { SdkError } from './sdk-error.ts'

export async function readPolicy(
  jws: string,
  working: Readonly<Record<string, EcKey>>,
  tenant: string,
  held?: PolicyDocument,
): Promise<PolicyDocument> {
  const said = await verifiedPayload(jws, POLICY_TYPE, working)
  if (!fits(policyDocument, said))
    throw new SdkError(
      'untrusted_service',
      'The rules of the service cannot be read. Is there a newer version of this app?',
    )
  if (said.tenant !== tenant) throw new SdkError('untrusted_service', 'The rules are those of another service.')
  if (held && said.device_type !== held.device_type)
    throw new SdkError('untrusted_service', 'The rules are those of another kind of device.')
  if (held && said.version < held.version)
    throw new SdkError('untrusted_service', 'The service shows rules that were replaced by newer ones.')
  return said
}
