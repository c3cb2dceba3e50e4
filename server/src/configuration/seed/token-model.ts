/**
 * The Token extension of stock device types, one builder per ending of the reference's codes: OT time, OE event, OA and OC
 * challenge, TD transaction. Endings AT, AI and AE are another maker's unpublished algorithms: see absent-algorithms.ts.
 */
import { CHALLENGE_LENGTH } from '#configuration/seed/credential-types.ts'
import type { TokenModel } from '#domain/device-type.ts'

export type FormFactor = 'TOKEN' | 'CARD' | 'KEY' | 'SOFTWARE'

const UNSET = -1

export function synchronous(formFactor: FormFactor): TokenModel {
  return {
    formFactor,
    method: 'SYNCHRONOUS',
    challengeLength: UNSET,
    syncLength: 6,
    asyncLength: UNSET,
    supportsUnlock: false,
    supportsSynch: 'SUPPORT_ALL',
  }
}

export function asynchronous(formFactor: FormFactor, asyncLength: 6 | 8): TokenModel {
  return {
    formFactor,
    method: 'ASYNCHRONOUS',
    challengeLength: CHALLENGE_LENGTH,
    syncLength: UNSET,
    asyncLength,
    supportsUnlock: false,
    supportsSynch: 'NOT_SUPPORTED',
  }
}

/** The reference calls it asynchronous although no challenge is ever given to it: the transaction is the question. */
export function signing(formFactor: FormFactor): TokenModel {
  return { ...asynchronous(formFactor, 8), challengeLength: UNSET }
}

export function both(formFactor: FormFactor, asyncLength: 6 | 8): TokenModel {
  return {
    ...synchronous(formFactor),
    method: 'BOTH',
    challengeLength: CHALLENGE_LENGTH,
    asyncLength,
  }
}
