/** FIDO's own example of a blob, and what stands in the way of the real one: FIDO Metadata Service section 3.1.7. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readMetadataBlob, readSigned, reduced } from './metadata-blob.ts'
import { METADATA_ROOTS } from './metadata-roots.ts'

const example = JSON.parse(
  readFileSync(new URL('../../../../vectors/webauthn/fido-metadata.json', import.meta.url), 'utf8'),
)
const roots = [Buffer.from(example.root, 'base64')]
const then = Date.parse('2026-01-01')

test('the example is signed by its root, and says of its FIDO2 models what FIDO says', async () => {
  const { payload } = await readSigned(example.blob, roots, then)
  const { no, nextUpdate, models, skipped } = reduced(payload)
  expect({ no, nextUpdate, skipped }).toEqual({ no: example.no, nextUpdate: example.nextUpdate, skipped: 0 })
  expect(models).toMatchObject([
    {
      aaguid: example.aaguids[0],
      description: 'FIDO Alliance Sample FIDO2 Authenticator',
      reports: [
        { status: 'FIDO_CERTIFIED', effectiveDate: '2019-01-04' },
        { status: 'FIDO_CERTIFIED_L1', effectiveDate: '2020-11-19' },
      ],
    },
  ])
  expect(models[0]?.anchors).toHaveLength(1)
})

test.each<[string, readonly Uint8Array[], number]>([
  ['under the roots that are pinned', METADATA_ROOTS, then],
  ['under no root', [], then],
  ['before its certificates were valid', roots, Date.parse('2020-01-01')],
  ['after they were', roots, Date.parse('2050-01-01')],
])('%s it is nothing', async (_name, given, now) => {
  await expect(readSigned(example.blob, given, now)).rejects.toMatchObject({ code: 'invalid_value' })
})

test('a good signature of somebody else than FIDO is not enough', async () => {
  await expect(readMetadataBlob(example.blob, roots, then)).rejects.toMatchObject({
    code: 'invalid_value',
    hint: expect.stringMatching(/not signed by mds\.fidoalliance\.org/),
  })
})
