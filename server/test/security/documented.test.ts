/** The page of security rules is true: its files exist, the tests it quotes are in them, and no rule is left out. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const page = readFileSync(new URL('docs/standards/security.md', root), 'utf8')
const rows = page.split('\n').filter(line => /^\| [A-Z]\d/.test(line))

test('every rule has its row, once', () => {
  const rules = [
    'O1',
    'O2',
    'O3',
    'O4',
    'O5',
    'O6',
    'O7',
    'R1',
    'R2',
    'R3',
    'R4',
    'E1',
    'E2',
    'M1',
    'S1',
    'S2',
    'A1',
    'A2',
    'A3',
    'A4',
  ]
  const approving = Array.from({ length: 14 }, (_, n) => `C${n + 1}`)
  const signIn = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'W1', 'W2']
  const house = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7']
  const absent = ['O6, in part', 'C12, C13, in part', 'D1']
  expect(rows.map(row => row.split('|')[1]?.trim())).toEqual([...rules, ...approving, ...signIn, ...house, ...absent])
})

test('every file that is named exists', () => {
  const named = [...page.matchAll(/`((?:server|protocol|docs|tools)\/[^`]+)`/g)].map(([, path]) => path as string)
  expect(named.length).toBeGreaterThan(60)
  expect(named.filter(path => !existsSync(new URL(path, root)))).toEqual([])
})

test('every test that is quoted stands in the file before it', () => {
  let quoted = 0
  const lost: string[] = []
  for (const row of rows) {
    let file = ''
    for (const [, path, name] of row.matchAll(/`(server\/[^`]+\.test\.ts)`|“([^”]+)”/g)) {
      if (path !== undefined) file = readFileSync(new URL(path, root), 'utf8')
      if (name === undefined) continue
      quoted += 1
      if (!file.includes(name)) lost.push(name)
    }
  }
  expect(quoted).toBeGreaterThan(35)
  expect(lost).toEqual([])
})
