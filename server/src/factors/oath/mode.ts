/** The `mode` of the password grant against what a key serves: each key serves exactly one. */
import type { OathSettings } from '#factors/oath/settings.ts'

export type Mode = 'SYNCHRONOUS' | 'ASYNCHRONOUS' | 'SIGNING'

const serves = { otp: 'SYNCHRONOUS', challenge: 'ASYNCHRONOUS', signing: 'SIGNING' } as const

export function supports(settings: Pick<OathSettings, 'use'>, mode: Mode): boolean {
  return serves[settings.use] === mode
}
