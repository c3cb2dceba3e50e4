/**
 * What a tenant signs for its apps (docs/approve-protocol.md section 3), by its working key. It also opens what it signed itself, a
 * QR text that comes back: with the working keys of its statements, chosen by `kid`, and ES256 whatever the header says.
 */
import { createPublicKey, verify } from 'node:crypto'
import type { Statement } from '@countersign/protocol/approve/statement.ts'
import type { ApproveSigner } from '#domain/ports/approve-signer.ts'
import { thumbprintOf } from '#keys/ec-key.ts'
import type { EcKeys } from '#keys/ec-keys.ts'

export function approveSigner(keys: EcKeys): ApproveSigner {
  return {
    async identity(tenant) {
      const { root, statements } = await keys.approveKeys(tenant)
      return { root: root.publicJwk, rootThumbprint: root.kid, statements }
    },
    async sign(tenant, typ, payload) {
      const { working } = await keys.approveKeys(tenant)
      return working.signCompact({ typ }, payload)
    },
    async open(tenant, typ, jws) {
      const [head = '', body = '', signature = '', ...more] = jws.split('.')
      const header = parsed(head) as { typ?: unknown; kid?: unknown } | undefined
      if (more.length > 0 || header?.typ !== typ) return undefined
      const { statements } = await keys.approveKeys(tenant)
      const jwk = statements.map(workingKey).find(one => one !== undefined && thumbprintOf(one) === header.kid)
      if (!jwk) return undefined
      const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
      const bytes = Buffer.from(signature, 'base64url')
      const signed = Buffer.from(`${head}.${body}`)
      const fits = bytes.length === 64 && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)
      return fits ? parsed(body) : undefined
    },
    vapidKey: async tenant => (await keys.load(tenant, 'vapid')).point,
  }
}

/** Statements are our own, from our own store: read, not verified. */
function workingKey(statement: string) {
  const payload = parsed(statement.split('.')[1] ?? '') as Statement
  return payload.use === 'working' ? payload.jwk : undefined
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
