/** The protocol's numbers: transcript, proofs, calls, approvals, against vectors that were computed without any of our code. */
import { readFileSync } from 'node:fs'
import { transcriptBytes } from '@countersign/protocol/approve/activation.ts'
import { headerText, readApproval, statementText } from '@countersign/protocol/approve/approval.ts'
import { canonicalQuery } from '@countersign/protocol/approve/call.ts'
import { compactVerify, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { codeKeyOf, confirmationOf, proofKeyOf, proofOf, transcriptOf } from './activation-proof.ts'
import { bytesOf, fromBase64url, toBase64url } from './bytes.ts'
import { signCompact, signingInput } from './compact-jws.ts'
import { thumbprintsOf } from './key-pair.ts'
import { callHeader } from './signed-call.ts'
import { thumbprintOf } from './trusted-service.ts'

// biome-ignore lint/suspicious/noExplicitAny: vectors are data
const read = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../../vectors/approve/${name}.json`, import.meta.url), 'utf8'))
const activation = read('activation')
const signatures = read('signatures')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => bytesOf(Buffer.from(text, 'hex'))

describe('activation', () => {
  it('thumbprints', async () => {
    expect(await thumbprintsOf(activation.public_keys)).toEqual(activation.cases[0].keys)
    expect(await thumbprintOf(activation.root)).toBe(activation.cases[0].root)
  })

  describe.each(activation.cases)('$method', one => {
    const { method, root, service, tenant, dir, did, uid, keys, device_nonce, nonce } = one
    const parts = { method, root, service, tenant, dir, did, uid, keys, deviceNonce: device_nonce, serverNonce: nonce }
    const rnd = one.rnd && fromBase64url(one.rnd)

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

const publicOf = ({ kty, crv, x, y, n, e }: JWK): JWK =>
  kty === 'RSA' ? { kty, n: n as string, e: e as string } : { kty, crv: crv as string, x: x as string, y: y as string }
const privateKey = (name: string, alg: string) => importJWK(signatures.private_keys[name], alg) as Promise<CryptoKey>

describe('calls', () => {
  it.each(signatures.queries)('canonical query $canonical', ({ parameters, canonical }) =>
    expect(canonicalQuery(parameters)).toBe(canonical),
  )

  it.each(signatures.calls)('$method $path', async one => {
    expect(callHeader(one.device)).toBe(one.header)
    expect(signingInput(one.header, one.payload)).toBe(one.signing_input)
    const key = await importJWK(publicOf(signatures.private_keys.request), 'ES256')
    await compactVerify(one.jws, key)
    const ours = await signCompact(await privateKey('request', 'ES256'), 'ES256', one.header, one.payload)
    await compactVerify(ours, key)
  })
})

describe('approvals', () => {
  it.each(signatures.approvals)('$purpose by $algorithm', async one => {
    const { purpose, kind, tenant, transaction, device, number, status, tds, counter, algorithm: alg } = one
    const header = headerText({ typ: 'JWT', alg, purpose, kind, tenant, transaction, device, number })
    const payload = statementText({ status, tds, counter })
    expect([header, payload]).toEqual([one.header, one.payload])
    expect(readApproval(one.header, one.payload)?.statement).toEqual({ status, tds, counter })
    const jws = await signCompact(await privateKey(one.key, alg), alg, header, payload)
    if (alg === 'RS512') expect(jws).toBe(one.jws)
    const key = await importJWK(publicOf(signatures.private_keys[one.key]), alg)
    for (const each of [jws, one.jws]) await compactVerify(each, key)
  })
})
