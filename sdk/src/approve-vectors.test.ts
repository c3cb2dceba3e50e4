/** The protocol's numbers: transcript, proofs, calls, approvals, against vectors that were computed without any of our code. */
import { readFileSync } from 'node:fs'
import { type TranscriptParts, transcriptBytes } from '@countersign/protocol/approve/activation.ts'
import {
  type ApprovalHeader,
  type ApprovalStatement,
  headerText,
  readApproval,
  statementText,
} from '@countersign/protocol/approve/approval.ts'
import { canonicalQuery } from '@countersign/protocol/approve/call.ts'
import type { AppKeys, ApprovalAlgorithm, EcKey } from '@countersign/protocol/approve/public-key.ts'
import { compactVerify, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { codeKeyOf, confirmationOf, proofKeyOf, proofOf, transcriptOf } from './activation-proof.ts'
import { bytesOf, fromBase64url, toBase64url } from './bytes.ts'
import { signCompact, signingInput } from './compact-jws.ts'
import { thumbprintsOf } from './key-pair.ts'
import { callHeader } from './signed-call.ts'
import { thumbprintOf } from './trust-chain.ts'

interface ActivationCase extends TranscriptFacts {
  readonly code: string
  readonly salt: string
  readonly rnd?: string
  readonly device_nonce: string
  readonly nonce: string
  readonly code_key: string
  readonly proof_key: string
  readonly transcript_bytes: string
  readonly transcript: string
  readonly proof: string
  readonly server_proof: string
  readonly tag?: string
  readonly confirmation: string
}
type TranscriptFacts = Omit<TranscriptParts, 'deviceNonce' | 'serverNonce'>
interface Signed {
  readonly header: string
  readonly payload: string
  readonly signing_input: string
  readonly jws: string
}
interface Approval extends Signed, Omit<ApprovalHeader, 'typ' | 'alg'>, ApprovalStatement {
  readonly key: string
  readonly algorithm: ApprovalAlgorithm
}
interface Vectors {
  readonly activation: { readonly root: EcKey; readonly public_keys: AppKeys; readonly cases: ActivationCase[] }
  readonly signatures: {
    readonly private_keys: Record<string, JsonWebKey>
    readonly queries: { readonly parameters: Record<string, string>; readonly canonical: string }[]
    readonly calls: (Signed & { readonly method: string; readonly path: string; readonly device: string })[]
    readonly approvals: Approval[]
  }
}

const read = <Name extends keyof Vectors>(name: Name): Vectors[Name] =>
  JSON.parse(readFileSync(new URL(`../../vectors/approve/${name}.json`, import.meta.url), 'utf8'))
const activation = read('activation')
const signatures = read('signatures')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => bytesOf(Buffer.from(text, 'hex'))

describe('activation', () => {
  it('thumbprints', async () => {
    expect(await thumbprintsOf(activation.public_keys)).toEqual(activation.cases[0]?.keys)
    expect(await thumbprintOf(activation.root)).toBe(activation.cases[0]?.root)
  })

  describe.each(activation.cases)('$method', one => {
    const { method, root, service, tenant, dir, did, uid, keys, device_nonce, nonce } = one
    const parts = { method, root, service, tenant, dir, did, uid, keys, deviceNonce: device_nonce, serverNonce: nonce }
    const rnd = one.rnd === undefined ? undefined : fromBase64url(one.rnd)

    it('keys', async () => {
      expect(hex(await codeKeyOf(one.code, fromBase64url(one.salt)))).toBe(one.code_key)
      expect(hex(await proofKeyOf(bytes(one.code_key), rnd))).toBe(one.proof_key)
    })

    it('transcript', async () => {
      expect(hex(transcriptBytes(parts))).toBe(one.transcript_bytes)
      expect(hex(await transcriptOf(parts))).toBe(one.transcript)
    })

    it('proofs and confirmation', async () => {
      const [key, transcript] = [bytes(one.proof_key), bytes(one.transcript)]
      expect(toBase64url(await proofOf(key, 'device', transcript))).toBe(one.proof)
      expect(toBase64url(await proofOf(key, 'server', transcript))).toBe(one.server_proof)
      if (rnd) expect(toBase64url(await proofOf(rnd, 'qr', transcript))).toBe(one.tag)
      expect(await confirmationOf(key, transcript)).toBe(one.confirmation)
    })
  })
})

const keyOf = (name: string, whole: boolean) => {
  const { d, p, q, dp, dq, qi, ...known } = signatures.private_keys[name] ?? {}
  return (whole ? { ...known, d, p, q, dp, dq, qi } : known) as JWK
}
const privateKey = (name: string, alg: string) => importJWK(keyOf(name, true), alg) as Promise<CryptoKey>
const publicKey = (name: string, alg: string) => importJWK(keyOf(name, false), alg)

describe('calls', () => {
  it.each(signatures.queries)('canonical query $canonical', ({ parameters, canonical }) =>
    expect(canonicalQuery(parameters)).toBe(canonical),
  )

  it.each(signatures.calls)('$method $path', async one => {
    expect(callHeader(one.device)).toBe(one.header)
    expect(signingInput(one.header, one.payload)).toBe(one.signing_input)
    const key = await publicKey('request', 'ES256')
    await compactVerify(one.jws, key)
    const ours = await signCompact(await privateKey('request', 'ES256'), 'ES256', one.header, one.payload)
    await compactVerify(ours, key)
  })
})

describe('approvals', () => {
  it.each(signatures.approvals)('$purpose by $algorithm', async one => {
    const { purpose, kind, tenant, transaction, device, number, status, tds, counter, algorithm: alg } = one
    const about = { ...(kind ? { kind } : {}), ...(number ? { number } : {}) }
    const header = headerText({ typ: 'JWT', alg, purpose, tenant, transaction, device, ...about })
    const payload = statementText({ status, tds, counter })
    expect([header, payload]).toEqual([one.header, one.payload])
    expect(readApproval(one.header, one.payload)?.statement).toEqual({ status, tds, counter })
    const jws = await signCompact(await privateKey(one.key, alg), alg, header, payload)
    if (alg === 'RS512') expect(jws).toBe(one.jws)
    const key = await publicKey(one.key, alg)
    for (const each of [jws, one.jws]) await compactVerify(each, key)
  })
})
