/** Shapes of texts that the approve protocol uses everywhere: bounded, so that no reader meets an endless one. */
import { Type } from 'typebox'

/** base64url without padding (RFC 4648 section 5). */
export const base64url = (maxLength: number) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_-]+$' })
/** RFC 7638 with SHA-256. */
export const thumbprint = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
/** A compact JWS or JWE. */
export const compact = (maxLength: number) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_.-]+$' })
/** A decimal id. */
export const decimal = Type.String({ pattern: '^[1-9][0-9]{0,15}$' })
/** Whole seconds since 1970. */
export const time = Type.Integer({ minimum: 0 })
