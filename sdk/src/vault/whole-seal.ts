/** A whole file sealed at once, synchronously, by Node: AES-256-GCM as IV (12 bytes), tag (16), text. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Bytes, bytesOf, randomBytes } from '../bytes.ts'

export function sealWhole(key: Bytes, label: string, text: string): Bytes {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(label))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return bytesOf(Buffer.concat([iv, cipher.getAuthTag(), body]))
}

/** Throws when anything of it was changed. */
export function openWhole(key: Bytes, label: string, sealed: Bytes): string {
  const options = { authTagLength: 16 }
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), options).setAAD(Buffer.from(label))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}
