/**
 * The log: one JSON line an event on standard error, so that standard output stays what a command prints. Secrets have no
 * business in fields; what could hold one by accident is cut out by name all the same.
 */
import pino, { type Logger } from 'pino'

export const REDACTED = [
  'authorization',
  'cookie',
  'password',
  'client_secret',
  'access_token',
  'refresh_token',
  'secret',
  'seed',
  'code',
  'otp',
  'encryptionKey',
  'challenge',
  'url',
] as const

export function openLog(level: string): Logger {
  const paths = REDACTED.flatMap(name => [name, `*.${name}`, `headers.${name}`, `*.*.${name}`])
  const serializers = { error: pino.stdSerializers.err, err: pino.stdSerializers.err }
  return pino(
    { level, base: null, serializers, redact: { paths, censor: '[cut]' } },
    pino.destination({ fd: 2, sync: true }),
  )
}
