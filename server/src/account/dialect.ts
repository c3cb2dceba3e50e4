/** How this door says no: `{error, error_description}`; a sign-in that is too weak by RFC 9470 section 3. */
import type { Dialect } from '#http/dialect.ts'
import { neutralDialect } from '#http/dialect.ts'

export const accountDialect: Dialect = {
  ...neutralDialect,
  refuse(refusal, situation) {
    const refused = neutralDialect.refuse(refusal, situation)
    if (refusal.code !== 'insufficient_user_authentication') return refused
    return { ...refused, headers: { 'www-authenticate': `Bearer error="${refusal.code}"` } }
  },
}
