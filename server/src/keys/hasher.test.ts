import { describe, expect, test } from 'vitest'
import { Fault, Refusal } from '#domain/refusal.ts'
import { HashPool, openHasher } from '#keys/hasher.ts'
import { findArgon2id, type SlowHash, scryptHash } from '#keys/slow-hash.ts'

const argon2id = (await findArgon2id()) as SlowHash
const algorithms = [
  ['argon2id', argon2id, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/],
  ['scrypt', scryptHash, /^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/],
] as const

describe.each(algorithms)('%s', (_, algorithm, form) => {
  test('hashes and verifies; the text names algorithm and cost; the dummy has the same form', async () => {
    const place = new HashPool([algorithm]).admit()
    const kept = await place.hash('correct horse')
    expect(kept).toMatch(form)
    expect(algorithm.dummy()).toMatch(form)
    expect(algorithm.dummy()).not.toBe(algorithm.dummy())
    expect(await place.hash('correct horse')).not.toBe(kept)
    expect(await place.verify(kept, 'correct horse')).toBe(true)
    expect(await place.verify(kept, 'correct horsf')).toBe(false)
  })

  test('E1: an unknown user costs the same number of hash calls and is never right', async () => {
    const pool = new HashPool([algorithm])
    const place = pool.admit()
    const kept = await place.hash('secret')
    const before = pool.calls
    expect(await place.verify(kept, 'wrong')).toBe(false)
    const known = pool.calls - before
    expect(await place.verify(undefined, 'wrong')).toBe(false)
    expect(pool.calls - before - known).toBe(known)
  })
})

test('a hash of another implementation is read: password, somesalt, t=2, m=2^16, p=1 of the test.c of the C reference', async () => {
  const kept = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const pool = new HashPool([argon2id, scryptHash])
  expect(await pool.admit().verify(kept, 'password')).toBe(true)
  expect(pool.isStale(kept)).toBe(true)
})

test('both algorithms are read, one writes, and what the other wrote is stale', async () => {
  const old = await new HashPool([scryptHash]).admit().hash('secret')
  const pool = await openHasher()
  expect(pool.algorithm).toBe('argon2id')
  expect(await pool.admit().verify(old, 'secret')).toBe(true)
  expect(pool.isStale(old)).toBe(true)
  expect(pool.isStale(await pool.admit().hash('secret'))).toBe(false)
})

test('H4: a hash of an algorithm that is not here, or with unreadable parameters, is a Fault and no success', async () => {
  const place = new HashPool([scryptHash]).admit()
  await expect(place.verify(argon2id.dummy(), 'x')).rejects.toThrow(Fault)
  await expect(place.verify('', 'x')).rejects.toThrow(Fault)
  await expect(place.verify('$scrypt$ln=30,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA', 'x')).rejects.toThrow(Fault)
})

test('H2: too long a secret is refused when it is set and wrong, at the same cost, when it is shown', async () => {
  const pool = new HashPool([argon2id])
  const place = pool.admit()
  const kept = await place.hash('a'.repeat(1024))
  expect(() => place.hash('a'.repeat(1025))).toThrow(Refusal)
  const before = pool.calls
  expect(await place.verify(kept, 'a'.repeat(1025))).toBe(false)
  expect(pool.calls).toBe(before + 1)
})

/** An algorithm that ends when the test says so: what is under test is the pool. */
function held(): { algorithm: SlowHash; running: () => number; finish: () => void } {
  const ends: (() => void)[] = []
  const algorithm: SlowHash = {
    ...scryptHash,
    hash: secret => new Promise(resolve => ends.push(() => resolve(secret))),
  }
  return { algorithm, running: () => ends.length, finish: () => ends.shift()?.() }
}

test('O3: a full queue refuses at admission; whoever leaves makes room; leaving twice counts once', () => {
  const pool = new HashPool([scryptHash], { inFlight: 1, waiting: 2 })
  const places = [pool.admit(), pool.admit(), pool.admit()]
  expect(() => pool.admit()).toThrow(
    expect.objectContaining({ code: 'temporarily_unavailable', retryAfter_seconds: 1 }),
  )
  places[0]?.leave()
  places[0]?.leave()
  expect(pool.taken).toBe(2)
  pool.admit()
  expect(() => pool.admit()).toThrow(Refusal)
})

test('no more than the given number are in flight, and those that wait come in order', async () => {
  const { algorithm, running, finish } = held()
  const pool = new HashPool([algorithm], { inFlight: 2, waiting: 10 })
  const done: string[] = []
  const works = ['a', 'b', 'c', 'd'].map(name =>
    pool
      .admit()
      .hash(name)
      .then(made => done.push(made)),
  )
  await Promise.resolve()
  expect(running()).toBe(2)
  while (done.length < 4) {
    finish()
    await new Promise(setImmediate)
    expect(running()).toBeLessThanOrEqual(2)
  }
  await Promise.all(works)
  expect(done).toEqual(['a', 'b', 'c', 'd'])
  expect(pool.calls).toBe(4)
})

test('an algorithm that fails gives its turn back', async () => {
  const failing: SlowHash = { ...scryptHash, hash: () => Promise.reject(new Error('no memory')) }
  const pool = new HashPool([failing], { inFlight: 1 })
  const place = pool.admit()
  await expect(place.hash('x')).rejects.toThrow('no memory')
  await expect(place.hash('x')).rejects.toThrow('no memory')
})
