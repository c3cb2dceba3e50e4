/**
 * What a container learns anew of its service: working keys when something is signed by one it does not know, the policy document when
 * the server names a newer version (approve protocol, sections 3 and 5).
 */
import { type PolicyDocument, policyAnswer } from '@countersign/protocol/approve/policy-document.ts'
import { kidOf } from './compact-jws.ts'
import { changeEntry, heldRegistration, registrationOf } from './registration.ts'
import { refreshTrust } from './service-trust.ts'
import { callFor } from './signed-call.ts'
import { readPolicy } from './signed-policy.ts'
import type { Around } from './surroundings.ts'
import type { Registration } from './vault/vault.ts'

/** The registration with the working key that signed this, asked for when it is a new one. */
export async function knowingSigner(around: Around, id: string, jws: string): Promise<Registration> {
  const held = await heldRegistration(around, id)
  const kid = kidOf(jws)
  if (kid !== undefined && Object.hasOwn(held.working, kid)) return held
  return refreshTrust(around, id)
}

export async function takePolicy(around: Around, id: string, jws: string): Promise<PolicyDocument> {
  const { working, tenant, policy: held } = await knowingSigner(around, id, jws)
  const policy = await readPolicy(jws, working, tenant, held)
  await changeEntry(around, id, entry => {
    const registration = registrationOf(entry)
    // Another tab may have taken a newer one meanwhile.
    if (registration.policy.version > policy.version) return entry
    return { ...entry, serviceName: policy.service.name, registration: { ...registration, policy } }
  })
  return policy
}

export async function refreshPolicy(around: Around, id: string): Promise<PolicyDocument> {
  const call = { method: 'GET', path: '/approve/v1/policy', changes: false } as const
  const { policy } = await callFor(around, id, call, policyAnswer)
  return takePolicy(around, id, policy)
}
