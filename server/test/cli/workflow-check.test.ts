/** Files that `workflow check` refuses to read, and how much of a bad one it tells. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { findingCodes } from '#workflow/finding.ts'
import { ran } from '../restore/restartable-world.ts'
import { planted } from '../workflow/planted.ts'
import { changed, SAMPLES, sampleText } from '../workflow/samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-workflow-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const check = (content: string | Uint8Array, ...flags: string[]) => {
  const file = join(folder, 'given.json')
  writeFileSync(file, content)
  return ran(['workflow', 'check', file, ...flags], {})
}

it('a folder, a large file, text that is not UTF-8', async () => {
  expect(await ran(['workflow', 'check', folder], {})).toEqual({ code: 1, text: `There is no file ${folder}.` })
  expect(await check(' '.repeat(800_000))).toMatchObject({ code: 1, text: expect.stringContaining('is larger than') })
  expect(await check(Buffer.from('{"id": "\xe9"}', 'latin1'))).toMatchObject({
    code: 1,
    text: expect.stringContaining('is not text in UTF-8. Save it as UTF-8.'),
  })
})

it('a byte order mark is passed over', async () => {
  expect((await check(`\ufeff${sampleText('password-push-automatic')}`)).code).toBe(0)
})

it('a hundred entries at most, and how many more', async () => {
  const document = JSON.parse(sampleText('card'))
  for (let n = 0; n < 100; n++) document.payload[`note${n}`] = n
  document.payload.firstFactors[0].actions = ['a', 'b']
  const { code, text } = await check(JSON.stringify(document))
  expect(code).toBe(1)
  expect(text.split('\n')).toHaveLength(302)
  expect(text).toContain('… and 3 more\ngiven.json is a workflow, with 103 findings.')
})

it.each(SAMPLES)('%s as JSON', async name => {
  const { code, text } = await check(sampleText(name), '--json')
  const { id, problems, findings } = JSON.parse(text)
  expect(id).toMatch(/^ID_/)
  expect(problems).toEqual([])
  expect(code).toBe(findings.length === 0 ? 0 : 1)
  for (const finding of findings)
    expect(Object.keys(finding).sort()).toEqual(['at', 'code', 'line', 'next', 'sentence'])
})

it.each(planted)('finds, with its pointer and its line: %s', async (_, sample, changes, expected) => {
  const text = JSON.stringify(changed(sample, changes), undefined, 2)
  const told = await check(text)
  expect(told.code).toBe(1)
  const lines = told.text.split('\n')
  for (const one of expected) {
    const [code = '', at = ''] = one.split(' ')
    const line = lines.find(said => said.endsWith(`, ${at}, ${code}`)) ?? ''
    expect(line, `${one} in:\n${told.text}`).toMatch(/^line [1-9]/)
    const name = at.split('/').at(-1) ?? ''
    const written = text.split('\n')[Number(/\d+/.exec(line)?.[0]) - 1]
    // The member itself, the start of an entry of a list, or what a missing member is missing in.
    expect(written).toMatch(/^\d+$/.test(name) ? /[{"]/ : new RegExp(`"${name}"|[{[]`))
  }
})

it('the page of the language explains every code of a finding, and its sample is sound', async () => {
  const page = readFileSync(new URL('../../../docs/integrate/workflows.md', import.meta.url), 'utf8')
  const rows = page.split('\n').filter(line => line.startsWith('| `'))
  for (const code of findingCodes)
    expect(
      rows.some(row => row.split(' | ')[0]?.includes(`\`${code}\``)),
      code,
    ).toBe(true)
  const sample = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  expect(await check(sample)).toEqual({ code: 0, text: 'Clean: given.json is the workflow ID_PASSWORD_AND_PUSH.' })
})
