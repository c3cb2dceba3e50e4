/** FIDO metadata as FIDO would publish it, made by an authority of the test: FIDO Metadata Service 3.1 sections 3.1 and 3.1.7. */
import { sign } from 'node:crypto'
import { attester, base64Of, type Holder, hostExtension, issue, makeRoot } from './certificates.ts'

/** Every status of section 3.1.4. */
export const STATUSES = [
  ...['NOT_FIDO_CERTIFIED', 'SELF_ASSERTION_SUBMITTED', 'FIDO_CERTIFIED'],
  ...['FIDO_CERTIFIED_L1', 'FIDO_CERTIFIED_L1plus', 'FIDO_CERTIFIED_L2', 'FIDO_CERTIFIED_L2plus'],
  ...['FIDO_CERTIFIED_L3', 'FIDO_CERTIFIED_L3plus', 'UPDATE_AVAILABLE', 'RETIRED'],
  ...['FIPS140_CERTIFIED_L1', 'FIPS140_CERTIFIED_L2', 'FIPS140_CERTIFIED_L3', 'FIPS140_CERTIFIED_L4'],
  ...['USER_VERIFICATION_BYPASS', 'ATTESTATION_KEY_COMPROMISE', 'USER_KEY_REMOTE_COMPROMISE'],
  ...['USER_KEY_PHYSICAL_COMPROMISE', 'REVOKED'],
] as const

export interface Entry {
  readonly aaguid: string
  readonly description?: string
  readonly anchors?: readonly Holder[]
  readonly statusReports?: readonly object[]
}

export interface Publisher {
  readonly root: Holder
  readonly chain: readonly Holder[]
}

export function makePublisher(
  host = 'mds.fidoalliance.org',
  root = makeRoot({ subject: { O: 'Test', CN: 'Test Root' } }),
): Publisher {
  const between = issue(root, { subject: { O: 'Test', CN: 'Test Intermediate' }, isAuthority: true })
  const leaf = issue(between, { subject: { CN: host }, extensions: [hostExtension(host)] })
  return { root, chain: [leaf, between] }
}

/** A compact JWS. `more` replaces members of the payload. */
export function publish({ chain }: Publisher, no: number, entries: readonly Entry[], more: object = {}): string {
  const [leaf, ...above] = chain
  if (!leaf) throw new Error('a publisher needs a certificate')
  const x5c = attester(leaf, ...above).chain.map(one => Buffer.from(one).toString('base64'))
  const payload = { legalHeader: 'For tests.', no, nextUpdate: '2099-01-01', entries: entries.map(entryOf), ...more }
  const signed = [{ alg: 'ES256', typ: 'JWT', x5c }, payload].map(part => encoded(JSON.stringify(part))).join('.')
  const signature = sign('sha256', Buffer.from(signed), { key: leaf.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${encoded(signature)}`
}

function entryOf({ aaguid, description = 'Kestrel Key 5', anchors = [], statusReports = [] }: Entry): object {
  return {
    aaguid,
    metadataStatement: {
      ...{ aaguid, description, attestationTypes: ['basic_full'], schema: 3 },
      attestationRootCertificates: anchors.map(base64Of),
    },
    statusReports,
    timeOfLastStatusChange: '2026-01-01',
  }
}

const encoded = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64url')
