/**
 * The slow hashes this server writes and reads. Each kept text names its algorithm and its cost, in the PHC form:
 * `$argon2id$v=19$m=19456,t=2,p=1$salt$hash` (RFC 9106), or `$scrypt$ln=15,r=8,p=3$salt$hash` (RFC 7914) where the argon2 module
 * cannot be loaded. Both are read wherever possible; what was written with other parameters is due for a new hash.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { Fault } from '#domain/refusal.ts'

export interface SlowHash {
  readonly name: 'argon2id' | 'scrypt'
  hash(secret: string): Promise<string>
  /** Of a text that begins with `$name$`. */
  verify(hash: string, secret: string): Promise<boolean>
  /** A text of this algorithm with our parameters that no secret fits: verifying against it is the same work. */
  dummy(): string
  /** Whether our parameters made it. */
  current(hash: string): boolean
}

const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const HASH_BYTES = 32
const ARGON2ID = 2
const ARGON2_PREFIX = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$`

/** Undefined when the module is not there for this platform. */
export async function findArgon2id(): Promise<SlowHash | undefined> {
  const argon2 = await import('@node-rs/argon2').catch(() => undefined)
  if (!argon2) return undefined
  const options = {
    algorithm: ARGON2ID,
    memoryCost: MEMORY_KIB,
    timeCost: PASSES,
    parallelism: LANES,
    outputLen: HASH_BYTES,
  }
  return {
    name: 'argon2id',
    hash: secret => argon2.hash(secret, options),
    verify: (hash, secret) => argon2.verify(hash, secret),
    dummy: () => `${ARGON2_PREFIX}${unpadded(randomBytes(SALT_BYTES))}$${unpadded(randomBytes(HASH_BYTES))}`,
    current: hash => hash.startsWith(ARGON2_PREFIX),
  }
}

const SCRYPT_LOG = 15
const SCRYPT_BLOCK = 8
const SCRYPT_LANES = 3
const SCRYPT_PREFIX = `$scrypt$ln=${SCRYPT_LOG},r=${SCRYPT_BLOCK},p=${SCRYPT_LANES}$`
const SCRYPT_MEMORY_BYTES = 64 * 1024 * 1024
const scryptForm = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

export const scryptHash: SlowHash = {
  name: 'scrypt',
  async hash(secret) {
    const salt = randomBytes(SALT_BYTES)
    return `${SCRYPT_PREFIX}${unpadded(salt)}$${unpadded(await derive(secret, salt, SCRYPT_LOG, SCRYPT_BLOCK, SCRYPT_LANES))}`
  },
  async verify(hash, secret) {
    const [, log, block, lanes, salt = '', kept = ''] = scryptForm.exec(hash) ?? []
    if (Number(log) > SCRYPT_LOG || Number(block) > SCRYPT_BLOCK || Number(lanes) > SCRYPT_LANES || !kept) {
      throw new Fault('a kept scrypt hash cannot be read')
    }
    const made = await derive(secret, Buffer.from(salt, 'base64'), Number(log), Number(block), Number(lanes))
    return timingSafeEqual(made, Buffer.from(kept, 'base64'))
  },
  dummy: () => `${SCRYPT_PREFIX}${unpadded(randomBytes(SALT_BYTES))}$${unpadded(randomBytes(HASH_BYTES))}`,
  current: hash => hash.startsWith(SCRYPT_PREFIX),
}

function derive(secret: string, salt: Uint8Array, log: number, block: number, lanes: number): Promise<Buffer> {
  const cost = { N: 2 ** log, r: block, p: lanes, maxmem: SCRYPT_MEMORY_BYTES }
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, cost, (error, made) => (error ? reject(error) : resolve(made)))
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
