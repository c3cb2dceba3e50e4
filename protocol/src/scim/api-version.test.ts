import { expect, test } from 'vitest'
import { readApiVersion } from './api-version.ts'

test.each([
  ['1', 1],
  ['10', 10],
  [' 7', 7],
  ['07 ', 7],
])('T2: %j is version %d', (value, version) => {
  expect(readApiVersion(value)).toBe(version)
})

test.each(['', ' ', '0', '11', '100', '10.3', 'v10', '1e1', '-1', '1 0'])('T2: %j is no version', value => {
  expect(readApiVersion(value)).toBeUndefined()
})
