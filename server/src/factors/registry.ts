/** The factors there are, by the kind that credential types and policies name. A new one is a folder and a line here. */
import { oath } from '#factors/oath/oath.ts'
import { oob } from '#factors/oob/oob.ts'
import { password } from '#factors/password/password.ts'

export const factors = { oath, oob, password } as const
