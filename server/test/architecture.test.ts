/**
 * The house is as its table says: layers, circles, barrels, purity, sizes, names, words. Each rule is shown to fail by a
 * file planted in memory; then the real tree must be without a finding.
 */
import { describe, expect, it } from 'vitest'
import { readProject } from './architecture/read-project.ts'
import { rooms } from './architecture/rooms.ts'
import { scan } from './architecture/scan.ts'
import type { SourceFile } from './architecture/source-file.ts'
import { withoutComments } from './architecture/without-comments.ts'

const file = (path: string, ...lines: string[]): SourceFile => ({ path, text: `${lines.join('\n')}\n` })
const findings = (...files: SourceFile[]) => scan(files).map(({ rule, path, what }) => `${rule} ${path} ${what}`)

describe('the real tree', () => {
  const project = readProject()

  it('is read', () => {
    const paths = project.map(({ path }) => path)
    expect(paths.length).toBeGreaterThan(200)
    for (const one of ['package.json', '.ci/run', 'Dockerfile', 'server/src/compose.ts', 'protocol/src/oath/hotp.ts']) {
      expect(paths).toContain(one)
    }
    expect(paths.filter(path => /node_modules|dist\//.test(path))).toEqual([])
  })

  it('has no finding', () => {
    expect(scan(project)).toEqual([])
  })
})

describe('what comes from outside', () => {
  const page = readProject().find(({ path }) => path === 'docs/decisions/dependencies.md')?.text ?? ''

  it.each(['server', 'protocol'])(
    'every dependency of %s has its line in docs/decisions/dependencies.md',
    async folder => {
      const text = readProject().find(({ path }) => path === `${folder}/package.json`)?.text ?? ''
      const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> }
      expect(Object.keys(dependencies).length).toBeGreaterThan(0)
      for (const [name, version] of Object.entries(dependencies)) {
        expect(page).toMatch(new RegExp(`^\\| \\\`${name}\\\` \\|`, 'm'))
        expect(version, `${name} is pinned`).toMatch(/^\d+\.\d+\.\d+$/)
      }
    },
  )

  it('no package is allowed to a room that nobody depends on', () => {
    const named = Object.values(rooms).flatMap(({ packages = [] }) => packages)
    for (const name of named) expect(page).toContain(`| \`${name}\` |`)
  })
})

describe('the table itself', () => {
  it('lets nobody look upward or sideways', () => {
    for (const [name, { layer, imports }] of Object.entries(rooms)) {
      for (const imported of imports) {
        const target = rooms[imported.split('/')[0] as string]
        // The terminal is the door that reads the ground for its operator; the table names what it may read.
        if (name === 'cli' && target?.layer === 5) continue
        // Ground services stand on the domain alone, whatever their layer.
        expect(target?.layer, `${name} → ${imported}`).toBeLessThanOrEqual(layer - (name === 'http' ? 0 : 1))
      }
    }
  })
})

describe('planted: imports', () => {
  it.each([
    ['domain/user.ts', "import { x } from '#http/answer.ts'", 'sideways'],
    ['domain/user.ts', "import type { Factor } from '#factors/factor.ts'", 'upward'],
    ['factors/oath/x.ts', "import { y } from '#factors/password/y.ts'", 'strangers'],
    ['workflow/x.ts', "import { y } from '#factors/registry.ts'", 'sideways'],
    ['authentication/x.ts', "import { y } from '#administration/users.ts'", 'sideways'],
    ['authentication/x.ts', "import { proofQueries } from '#storage/proof.ts'", 'upward'],
    ['openid/x.ts', "import { y } from '#scim/list.ts'", 'sideways'],
    ['openid/x.ts', "import { oath } from '#factors/oath/oath.ts'", 'openid may not know factors'],
    ['openid/x.ts', "import { seal } from '#keys/sealer.ts'", 'upward'],
    ['storage/x.ts', "import { seal } from '#keys/sealer.ts'", 'sideways'],
    ['storage/x.ts', "import { Users } from '#administration/users.ts'", 'storage may not know administration'],
    ['http/x.ts', "import type { User } from '#domain/user.ts'", 'sideways'],
    ['keys/x.ts', "import { compose } from '#compose.ts'", 'only the top imports the top'],
    ['scim/x.ts', "import { y } from './y.ts'", 'relative'],
    ['scim/x.ts', 'import {', '  a,', '  type B,', "} from '#storage/user.ts'", 'upward'],
    ['scim/x.ts', "export { a } from '#storage/user.ts'", 'export const b = 1', 'upward'],
    ['scim/x.ts', "import '#storage/user.ts'", 'upward'],
    ['scim/x.ts', "const late = () => import('#storage/user.ts')", 'upward'],
    ['scim/x.ts', "type Late = import('#storage/user.ts').Row", 'upward'],
    ['domain/x.ts', "import { Type } from 'typebox'", 'may not know the package typebox'],
    ['openid/x.ts', "import pg from 'pg'", 'may not know the package pg'],
    ['openid/x.ts', "import lodash from 'lodash/fp'", 'may not know the package lodash'],
    ['cellar/x.ts', 'export const a = 1', 'the room cellar is not in the table'],
    ['drawer.ts', 'export const a = 1', 'not in TOP'],
  ])('%s', (path, ...rest) => {
    const expected = rest.pop() as string
    const found = findings(file(`server/src/${path}`, ...rest))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(expected)
  })

  it('protocol knows nobody', () => {
    expect(findings(file('protocol/src/a.ts', "import { ids } from '#domain/ids.ts'"))[0]).toContain('upward')
    expect(findings(file('protocol/src/a.ts', "import { b } from './b.ts'", 'export const a = b'))).toEqual([])
  })

  it('what is allowed is not found, nor is what stands in a comment', () => {
    expect(
      findings(
        file(
          'server/src/openid/x.ts',
          "// import { a } from '#storage/a.ts'",
          "import { r } from '#domain/refusal.ts'",
        ),
        file(
          'server/src/http/x.ts',
          "import { Refusal } from '#domain/refusal.ts'",
          "import { createServer } from 'node:http'",
        ),
        file('server/src/compose.ts', "import { proofQueries } from '#storage/proof.ts'"),
        file('server/src/domain/x.test.ts', "import { y } from '#storage/y.ts'", "import { z } from './z.ts'"),
        file('server/src/cli/x.ts', "import { verify } from '#audit/verify.ts'"),
      ),
    ).toEqual([])
  })
})

describe('planted: shape of files', () => {
  it('a circle of two and of three, told once each', () => {
    const found = findings(
      file('server/src/domain/a.ts', "import { b } from '#domain/b.ts'", 'export const a = b'),
      file('server/src/domain/b.ts', "import type { a } from '#domain/a.ts'", 'export const b = 1'),
      file('protocol/src/c.ts', "import { d } from './d.ts'", 'export const c = d'),
      file('protocol/src/d.ts', "import { e } from './e.ts'", 'export const d = e'),
      file('protocol/src/e.ts', "import { c } from './c.ts'", 'export const e = c'),
    )
    expect(found).toEqual([
      'circle protocol/src/c.ts protocol/src/c.ts → protocol/src/d.ts → protocol/src/e.ts → protocol/src/c.ts',
      'circle server/src/domain/a.ts server/src/domain/a.ts → server/src/domain/b.ts → server/src/domain/a.ts',
    ])
  })

  it('a barrel', () => {
    const barrel = file(
      'server/src/domain/nouns.ts',
      '/** All. */',
      "export * from '#domain/user.ts'",
      "export { a } from '#domain/a.ts'",
    )
    expect(findings(barrel)[0]).toContain('only hands on')
  })

  it('a file over its size', () => {
    const lines = (count: number) => Array.from({ length: count }, () => '//')
    expect(findings(file('server/src/domain/a.ts', ...lines(301)))[0]).toContain('301 lines, at most 300')
    expect(findings(file('server/src/storage/user.ts', ...lines(401)))[0]).toContain('401 lines, at most 400')
    expect(
      findings(file('server/src/domain/a.ts', ...lines(300)), file('server/src/storage/a.ts', ...lines(400))),
    ).toEqual([])
  })

  it.each(['utils', 'helpers', 'common', 'manager', 'service', 'index', 'token-service', 'TokenFile', 'token_file'])(
    'the name %s',
    name => {
      expect(findings(file(`server/src/domain/${name}.ts`, ''))).toHaveLength(1)
      expect(findings(file(`server/src/domain/${name}/a.ts`, ''))).toHaveLength(1)
    },
  )
})

describe('planted: purity', () => {
  it.each([
    ["import { createHmac } from 'node:crypto'", 'node:crypto'],
    ['const now = Date.now()', 'Date.now'],
    ['const now = new Date()', 'new Date() without an argument'],
    ['const now = new Date', 'new Date() without an argument'],
    ['const now = Date()', 'Date() as a function'],
    ['const chance = Math.random()', 'Math.random'],
    ['const id = crypto.randomUUID()', 'the global crypto'],
    ['setTimeout(run, 5)', 'a timer'],
    ["const path = process.env['PATH']", 'the process'],
    ['let seen = 0', 'a module-level value that changes'],
  ])('%s', (line, what) => {
    for (const path of [
      'protocol/src/a.ts',
      ...['domain', 'factors/oath', 'workflow'].map(room => `server/src/${room}/a.ts`),
    ]) {
      expect(findings(file(path, line))).toEqual([`purity ${path} ${what}`])
    }
    expect(findings(file('server/src/http/endpoint.ts', line))).toEqual([`purity server/src/http/endpoint.ts ${what}`])
  })

  it('the clock of the machine is read by jobs and the top only', () => {
    const line = 'const now = Date.now()'
    for (const room of ['openid', 'authentication', 'storage', 'keys']) {
      expect(findings(file(`server/src/${room}/a.ts`, line))).toEqual([`purity server/src/${room}/a.ts Date.now`])
    }
    expect(findings(file('server/src/jobs/clock.ts', line), file('server/src/main.ts', line))).toEqual([])
  })

  it('a comment, a date with an argument and node in a room that may have it are no findings', () => {
    expect(
      findings(
        file(
          'server/src/domain/a.ts',
          '/** Never calls Date.now. */',
          'const day = new Date(0)',
          "const at = 'https://a' // Math.random",
        ),
        file('server/src/keys/a.ts', "import { createHmac } from 'node:crypto'"),
      ),
    ).toEqual([])
  })
})

describe('planted: words', () => {
  it.each([
    `see ../${'shared'}/paper.md`,
    `node ${'walk'}.mjs`,
    `/work/${'main'}/server`,
    `// ${'TO'}${'DO'}: the rest`,
    `// ${'@ts'}-ignore`,
    `describe.${'only'}(1)`,
    `throw new Error('not ${'implemented'}')`,
  ])('%s', line => {
    expect(findings(file('docs/a.md', 'one', line))).toHaveLength(1)
    expect(findings(file('docs/a.md', 'one', line))[0]).toContain('line 2')
  })

  it('the script of continuous integration may look beside the clone', () => {
    expect(findings(file('.ci/run', `node ../${'shared'}/a/${'walk'}.mjs`))).toEqual([])
  })
})

describe('reading code', () => {
  it('blanks comments and nothing else, line by line', () => {
    const code = [
      "const a = 'https://x' // b",
      'const r = /[/]*\\/\\//g /* c',
      ' d */ + `//1`',
      "const q = a / 2 // 'e",
    ].join('\n')
    expect(
      withoutComments(code)
        .split('\n')
        .map(line => line.trimEnd()),
    ).toEqual(["const a = 'https://x'", 'const r = /[/]*\\/\\//g', '      + `//1`', 'const q = a / 2'])
  })
})
