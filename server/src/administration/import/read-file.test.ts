import { expect, test } from 'vitest'
import { readImportFile } from '#administration/import/read-file.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('the content tells the format, whatever the name says', async () => {
  const csv = bytes(`serial,algorithm,seed_hex\nA,HOTP,${'31'.repeat(20)}`)
  expect((await readImportFile({ content: csv, fileName: 'tokens.pskc' })).records).toHaveLength(1)
  const xml = bytes('\uFEFF\n<wrong/>')
  await expect(readImportFile({ content: xml, fileName: 'tokens.csv' })).rejects.toThrow(/XML/)
})

test.each(['one.sdb', 'MANY.SDS'])('%s is proprietary', async fileName => {
  const refusal = { code: 'unsupported_value', hint: expect.stringContaining('proprietary') }
  await expect(readImportFile({ content: Uint8Array.of(1), fileName })).rejects.toMatchObject(refusal)
})

test('certificates, binary and empty files', async () => {
  const content = Uint8Array.of(0x30, 0x82, 0, 1)
  await expect(readImportFile({ content, fileName: 'a.cer' })).rejects.toMatchObject({ code: 'unsupported_value' })
  await expect(readImportFile({ content })).rejects.toMatchObject({ code: 'invalid_request' })
  await expect(readImportFile({ content: new Uint8Array() })).rejects.toMatchObject({ code: 'invalid_value' })
})

test('a multi-byte letter on the edge of the first look is not taken for binary', async () => {
  const content = bytes(`serial,algorithm,seed_hex,name\nA,HOTP,${'31'.repeat(20)},${'a'.repeat(438)}ü`)
  await expect(readImportFile({ content })).resolves.toMatchObject({ problems: [{ code: 'too_long' }] })
})
