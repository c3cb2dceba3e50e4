/** The SDK runs in browsers and Node: only the vault in a folder knows Node, only the vault in a browser IndexedDB, and nobody a clock. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
const with_ = (form: RegExp) => files.filter(({ text }) => form.test(text)).map(({ name }) => name)

it('Node stands in the vault of files', () =>
  expect(with_(/'node:|\bBuffer\b|\bprocess\./).sort()).toEqual([
    'vault/file-lock.ts',
    'vault/file-vault.ts',
    'vault/whole-seal.ts',
  ]))

it('the DOM stands in the vault of browsers', () =>
  expect(with_(/\bIDBFactory\b|(?<![-\w])(?:window|document|navigator|localStorage)\./)).toEqual([
    'vault/browser-vault.ts',
  ]))

it('the clock is handed in', () => expect(with_(/\bDate\.now\b|new Date\(\)|Math\.random/)).toEqual([]))

it('only packages that are declared', () => {
  const named = files.flatMap(({ text }) => [...text.matchAll(/from '([^.'][^']*)'/g)].map(found => found[1] as string))
  const packages = new Set(
    named
      .filter(name => !name.startsWith('node:'))
      .map(name =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  )
  expect([...packages].sort()).toEqual(['@countersign/protocol', '@noble/hashes', 'jose'])
})
