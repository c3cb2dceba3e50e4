/**
 * The values of a key's Data: PlainValue as it stands, EncryptedValue after its ValueMAC was found right.
 * RFC 6030 section 6.1: the MAC covers nonce and encrypted text, is compared in constant time and before anything is
 * decrypted. A CBC text without a MAC could be changed by anybody on the way, so it is refused unless the caller says
 * that the file came by a road he trusts.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { bytesOfBase64 } from '#administration/import/cell-reading.ts'
import { type Cipher, findCipher, findMacHash } from '#administration/import/pskc/cipher.ts'
import { type ContainerKey, containerKey } from '#administration/import/pskc/container-key.ts'
import type { Element } from '#administration/import/pskc/element.ts'
import { find, PSKC, XENC } from '#administration/import/pskc/names.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import { Refusal } from '#domain/refusal.ts'

export interface Opening {
  /** As text, or undefined when the file is not encrypted. */
  readonly encryptionKey: string | undefined
  readonly allowMissingMac: boolean
}

/** What an EncryptedValue holds. Throws a RowProblem when it cannot be opened. */
export type OpenValue = (value: Element, where: string) => Uint8Array

const MAX_SEALED_BYTES = 4096

export async function openValues(container: Element, opening: Opening): Promise<OpenValue> {
  const given = opening.encryptionKey
  if (given === undefined || given === '') {
    return (_, where) => {
      throw new RowProblem(where, 'key_missing', 'The value is encrypted and no encryption key was given.')
    }
  }
  const keyOf = await containerKey(container, given)
  const proof = macOf(container, keyOf)
  return (value, where) => {
    const { cipher, key, sealed } = sealedIn(find(value, PSKC, 'EncryptedValue'), keyOf, where)
    const mac = find(value, PSKC, 'ValueMAC')
    if (mac) {
      if (!proof) throw new RowProblem(where, 'mac_method', 'The value has a ValueMAC, the file has no MACMethod.')
      const told = bytesOfBase64(mac.text)
      const right = createHmac(proof.hash, proof.key ?? key)
        .update(sealed)
        .digest()
      if (told?.length !== right.length || !timingSafeEqual(told, right)) throw wrong(where)
    } else if (!cipher.proves && !opening.allowMissingMac) {
      throw new RowProblem(where, 'mac_missing', 'The encrypted value has no ValueMAC, so nobody can tell it was kept.')
    }
    const plain = cipher.open(key, sealed)
    if (!plain) throw wrong(where)
    return plain
  }
}

function wrong(where: string): RowProblem {
  return new RowProblem(where, 'not_opened', 'The value was changed on its way or the encryption key is not right.')
}

interface Sealed {
  readonly cipher: Cipher
  readonly key: Uint8Array
  readonly sealed: Uint8Array
}

/** `encrypted` is of XML Encryption's EncryptedDataType: method, then the text in base64. */
function sealedIn(encrypted: Element | undefined, keyOf: ContainerKey, where: string): Sealed {
  const cipher = findCipher(encrypted && find(encrypted, XENC, 'EncryptionMethod')?.attributes.get('Algorithm'))
  if (!cipher) {
    throw new RowProblem(where, 'cipher', 'The cipher is not offered: AES in CBC, GCM or key wrap mode are.')
  }
  const key = keyOf(cipher.keyBytes)
  if (!key) throw new RowProblem(where, 'key_length', `The encryption key must be ${cipher.keyBytes * 8} bits long.`)
  const sealed = bytesOfBase64(find(encrypted, XENC, 'CipherData', 'CipherValue')?.text ?? '')
  if (!sealed || sealed.length > MAX_SEALED_BYTES) {
    throw new RowProblem(where, 'base64', 'The encrypted value must be base64 of a short text.')
  }
  return { cipher, key, sealed }
}

interface Proof {
  readonly hash: string
  /** RFC 6030 section 6.1.1: without a MACKey the encryption key itself is used. */
  readonly key: Uint8Array | undefined
}

function macOf(container: Element, keyOf: ContainerKey): Proof | undefined {
  const method = find(container, PSKC, 'MACMethod')
  if (!method) return undefined
  const hash = findMacHash(method.attributes.get('Algorithm'))
  if (!hash)
    throw new Refusal('unsupported_value', 'The MAC method of the file is not offered: HMAC with SHA-1 or SHA-2 is.')
  if (find(method, PSKC, 'MACKeyReference')) {
    throw new Refusal('unsupported_value', 'A MAC key that is not in the file cannot be used.')
  }
  const macKey = find(method, PSKC, 'MACKey')
  if (!macKey) return { hash, key: undefined }
  try {
    const { cipher, key, sealed } = sealedIn(macKey, keyOf, 'MACMethod/MACKey')
    const opened = cipher.open(key, sealed)
    if (opened && opened.length > 0) return { hash, key: opened }
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error
    throw new Refusal('invalid_value', `MACMethod/MACKey: ${error.message}`)
  }
  throw new Refusal('invalid_value', 'MACMethod/MACKey: the encryption key is not right.')
}
