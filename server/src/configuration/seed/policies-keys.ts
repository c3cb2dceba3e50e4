/**
 * Stock policies of keys that somebody else holds. AT_JWT is the signed assertion of a client (RFC 7523): it says how long what such
 * a client gets holds. The two of certificates are there to be named by workflows and documents; no engine of this server proves a
 * certificate (docs/standards/rfc7523.md, Gaps), so nobody can be given an authenticator of them.
 */
import { otpPolicy } from '#configuration/seed/policies-otp.ts'
import type { Policy } from '#domain/policy.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

export const keyPolicies: readonly Policy[] = [
  {
    ...otpPolicy(
      'AT_JWT',
      'Client assertion',
      'How an application proves itself to the token endpoint by its own key.',
    ),
    factor: 'assertion',
    sessionIdle_ms: 5 * MINUTE_MS,
    sessionValid_ms: HOUR_MS,
  },
  {
    ...otpPolicy('AT_EMPPKI', 'Employee certificate', 'Certificates cannot be proved by this server.'),
    factor: 'pki',
    level: 3,
    validDaysEdit: 1,
  },
  {
    ...otpPolicy('AT_SYSPKI', 'Client certificate', 'Certificates cannot be proved by this server.'),
    factor: 'pki',
    level: 3,
  },
]
