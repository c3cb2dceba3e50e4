/** Secrets of codes as they come from the server, sealed to the app, and into the vault (approve protocol, sections 4 and 9). */
import { type CodeKey, codeKeys } from '@countersign/protocol/approve/codes.ts'
import { fits } from '@countersign/protocol/approve/fits.ts'
import { SdkError } from './sdk-error.ts'
import { openSealed } from './sealed-answer.ts'
import { keepSecrets } from './vault/key-keeping.ts'
import type { KeptCodes, Vault } from './vault/vault.ts'

export async function readCodes(jwe: string, sealing: CryptoKey): Promise<readonly CodeKey[]> {
  const list = await openSealed(jwe, sealing)
  if (fits(codeKeys, list)) return list
  throw new SdkError('untrusted_service', 'The secrets of the codes cannot be read.')
}

export async function keepCodes(
  vault: Vault,
  list: readonly CodeKey[],
  guard: CryptoKey | undefined,
): Promise<KeptCodes> {
  const kept = await keepSecrets(
    vault,
    list.map(({ secret }) => secret),
    guard,
  )
  return { list: list.map(({ secret: _, ...facts }) => facts), ...kept, events: {} }
}
