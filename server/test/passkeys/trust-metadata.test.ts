/**
 * W2: what a blob of the FIDO metadata says decides as the policy says, status by status; and what a blob must be before anything in it
 * is believed. On both engines, by the command that an operator uses.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fidoMetadataImport } from '#cli/fido-metadata-import.ts'
import { fidoMetadataStatus } from '#cli/fido-metadata-status.ts'
import { type FidoPolicy, STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import { engineNames, startWorld, type World } from '../world.ts'
import { packedBy } from './attesters.ts'
import { type Attest, SoftAuthenticator } from './authenticator.ts'
import { attester, base64Of, issue, makeRoot, pemOf } from './certificates.ts'
import { type Entry, makePublisher, publish, STATUSES } from './metadata.ts'

const ORIGIN = 'https://login.example.com'
const options = { challenge: 'AAAA', rp: { id: 'login.example.com' }, user: { id: 'dTE' } }
const maker = makeRoot()
const batch = issue(maker)
const otherBatch = issue(maker)
const genuine = packedBy(attester(batch))

/** One model per status, then some with histories. */
const modelOf = (at: number) => `00000000-0000-4000-8000-${String(at + 1).padStart(12, '0')}`
const of = (at: number, ...statusReports: readonly object[]): Entry => ({
  ...{ aaguid: modelOf(at), description: `Kestrel ${at}`, anchors: [maker], statusReports },
})
const HISTORIES: readonly (readonly object[])[] = [
  [
    { status: 'FIDO_CERTIFIED', effectiveDate: '2020-01-01' },
    { status: 'REVOKED', effectiveDate: '2021-01-01' },
  ],
  [{ status: 'REVOKED', effectiveDate: '2098-01-01' }],
  [{ status: 'ATTESTATION_KEY_COMPROMISE', certificate: base64Of(otherBatch) }],
  [{ status: 'ATTESTATION_KEY_COMPROMISE', certificate: base64Of(batch) }],
  [{ status: 'USER_VERIFICATION_BYPASS' }, { status: 'UPDATE_AVAILABLE' }, { status: 'FIDO_CERTIFIED_L2' }],
  [{ status: 'A_STATUS_OF_LATER_YEARS' }],
  [],
]
const first = STATUSES.length
const entries = [
  ...STATUSES.map((status, at) => of(at, { status, effectiveDate: '2025-06-01' })),
  ...HISTORIES.map((reports, at) => of(first + at, ...reports)),
]
const publisher = makePublisher()

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-mds-'))
  writeFileSync(join(folder, 'root.pem'), pemOf(publisher.root))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(engineNames)('on %s', engine => {
  let world: World
  beforeAll(async () => {
    world = await startWorld(engine, { COUNTERSIGN_FIDO_METADATA_ROOT: join(folder, 'root.pem') })
  })
  afterAll(() => world.close())

  const status = () => fidoMetadataStatus.run({ words: [], flags: {} }, world.office)
  function bring(blob: string) {
    const path = join(folder, 'blob.jwt')
    writeFileSync(path, blob)
    return fidoMetadataImport.run({ words: [path], flags: {} }, world.office)
  }

  async function enrol(at: number, policy: FidoPolicy = STOCK_FIDO_POLICY, attest: Attest | undefined = genuine) {
    const aaguid = modelOf(at)
    const verdict = await world.ground.passkeys.verifyRegistration({
      credential: new SoftAuthenticator({ aaguid }).create(options, ORIGIN, attest),
      ...{ challenge: 'AAAA', origins: [ORIGIN], rpId: 'login.example.com', userVerification: 'required' },
      ...{ attestation: 'direct', allowedAAGUIDs: [aaguid], policy, now_ms: world.now_seconds() * 1000 },
    })
    return verdict.verdict === 'accepted' ? verdict.record.model : verdict.reason
  }

  test('nothing is known before a blob is brought, and its number never goes back', async () => {
    expect(await status()).toMatchObject({ exit: 1, data: null })
    expect(await enrol(0)).toBe('no_anchor')
    expect(await bring(publish(publisher, 7, entries))).toMatchObject({
      lines: [`FIDO metadata number 7: ${entries.length} models; the next one was announced for 2099-01-01.`],
      data: { no: 7, models: entries.length, skipped: 0, overdue: false },
    })
    expect(await enrol(0)).toBe('Kestrel 0')
    expect((await bring(publish(publisher, 7, []))).lines[0]).toMatch(/^It was here already/)
    await expect(bring(publish(publisher, 6, []))).rejects.toMatchObject({ code: 'invalid_value' })
    expect(await enrol(0)).toBe('Kestrel 0')
  })

  test.each(STATUSES)('W2: %s passes or not as the policy says', async name => {
    const at = STATUSES.indexOf(name)
    const refused = STOCK_FIDO_POLICY.refusedStatuses.includes(name)
    expect(await enrol(at)).toBe(refused ? `status_${name}` : `Kestrel ${at}`)
    expect(await enrol(at, { ...STOCK_FIDO_POLICY, refusedStatuses: [name] })).toBe(`status_${name}`)
    expect(await enrol(at, { ...STOCK_FIDO_POLICY, refusedStatuses: [] })).toBe(`Kestrel ${at}`)
  })

  test('W2: reports are read with their dates, their certificates and their history', async () => {
    const answers = await Promise.all(HISTORIES.map((_, at) => enrol(first + at)))
    const pass = (at: number) => `Kestrel ${first + at}`
    expect(answers).toEqual([
      ...['status_REVOKED', pass(1), pass(2), 'status_ATTESTATION_KEY_COMPROMISE'],
      ...['status_USER_VERIFICATION_BYPASS', pass(5), pass(6)],
    ])
  })

  test('W2: a model that calls itself compromised is refused without attestation, too', async () => {
    const aaguid = modelOf(STATUSES.indexOf('REVOKED'))
    const verdict = await world.ground.passkeys.verifyRegistration({
      credential: new SoftAuthenticator({ aaguid }).create(options, ORIGIN),
      ...{ challenge: 'AAAA', origins: [ORIGIN], rpId: 'login.example.com', userVerification: 'required' },
      ...{ attestation: 'none', allowedAAGUIDs: undefined, policy: STOCK_FIDO_POLICY, now_ms: Date.now() },
    })
    expect(verdict).toEqual({
      ...{ verdict: 'refused', reason: 'status_REVOKED' },
      detail: expect.stringMatching(/^the FIDO metadata calls Kestrel \d+ REVOKED since 2025-06-01$/),
    })
  })

  test('a blob that cannot be trusted changes nothing', async () => {
    const good = publish(publisher, 8, entries)
    const [header = '', , signature = ''] = good.split('.')
    const payload = Buffer.from(JSON.stringify({ no: 9, nextUpdate: '2099-01-01', entries: [] })).toString('base64url')
    const leaf = publisher.chain[0] ?? publisher.root
    const bad: Readonly<Record<string, string>> = {
      'no JWT': 'a.b',
      'another payload': `${header}.${payload}.${signature}`,
      'no signature': `${header}.${payload}.`,
      'another root': publish(makePublisher(), 9, []),
      'a root of the same name': publish(
        makePublisher('mds.fidoalliance.org', makeRoot({ subject: publisher.root.subject })),
        9,
        [],
      ),
      'the right root, another host': publish(makePublisher('www.example.com', publisher.root), 9, []),
      'issued by a leaf': publish({ ...publisher, chain: [issue(leaf), ...publisher.chain] }, 9, []),
      'no number': publish(publisher, 9, [], { no: '9' }),
      'no date': publish(publisher, 9, [], { nextUpdate: 'soon' }),
      'no entries': publish(publisher, 9, [], { entries: {} }),
    }
    for (const [name, blob] of Object.entries(bad)) {
      await expect(bring(blob), name).rejects.toMatchObject({ code: 'invalid_value' })
    }
    expect(await status()).toMatchObject({ data: { no: 7 } })
  })

  test('what one maker wrote wrongly is left out and counted', async () => {
    const odd = [
      { ...of(50), aaguid: 'NOT-AN-AAGUID' },
      of(51, { status: 'no status' }),
      { ...of(52), description: 'Two\nlines \u0007' },
    ]
    const report = await bring(publish(publisher, 8, [...entries, ...odd], {}))
    expect(report).toMatchObject({ data: { no: 8, models: entries.length + 1, skipped: 2 } })
    expect(await enrol(52)).toBe('Two lines')
    expect(await enrol(51)).toBe('no_anchor')
  })

  test('after the date of the next one the status says so', async () => {
    const report = await bring(publish(publisher, 9, entries, { nextUpdate: '2020-01-01' }))
    expect(report).toMatchObject({ data: { overdue: true } })
    expect(report.lines.at(-1)).toMatch(/out of date/)
  })
})
