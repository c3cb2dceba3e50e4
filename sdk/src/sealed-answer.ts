/** What the server seals to an app: compact JWE, ECDH-ES and A256GCM (RFC 7516, RFC 7518 section 4.6), opened by the sealing key. */
import { compactDecrypt } from 'jose'
import { SdkError } from './sdk-error.ts'

/** The JSON inside; refuses what was sealed to somebody else. */
export async function openSealed(jwe: string, key: CryptoKey): Promise<unknown> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext))
  } catch (cause) {
    throw new SdkError('untrusted_service', 'What the service sealed for this app cannot be opened.', { cause })
  }
}
