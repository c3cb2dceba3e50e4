import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { SystemRandom } from '#jobs/system-random.ts'
import { machineSecret } from '#keys/machine-secret.ts'

const random = new SystemRandom()

test('O5: secrets for machines have 256 random bits, and only their SHA-256 is kept', () => {
  const { text, proof } = machineSecret.make(random)
  expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(Buffer.from(proof)).toEqual(createHash('sha256').update(text).digest())
  expect(machineSecret.make(random).text).not.toBe(text)
})

test('only the secret itself matches', () => {
  const { text, proof } = machineSecret.make(random)
  expect(machineSecret.matches(proof, text)).toBe(true)
  for (const wrong of ['', text.slice(1), `${text} `, text.toLowerCase(), 'A'.repeat(100_000)]) {
    expect(machineSecret.matches(proof, wrong)).toBe(false)
  }
  expect(machineSecret.matches(proof.subarray(1), text)).toBe(false)
})

test('E1: no client matches nothing, not even a proof of zeros', () => {
  expect(machineSecret.matches(undefined, '')).toBe(false)
  expect(machineSecret.matches(new Uint8Array(32), '')).toBe(false)
})
