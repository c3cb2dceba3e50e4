/**
 * `…/v2/Fido/Policy`: what an administrator says of makers and models, kept per tenant; `…/v2/Fido/Models/{aaguid}`: what is known of a
 * model and whether it passes, in the words that the audit uses for refusals.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import { api, clientToken, engineNames, startWorld, type World } from '../world.ts'
import { base64Of, issue, makeRoot, pemOf } from './certificates.ts'
import { makePublisher, publish } from './metadata.ts'

const GOOD = 'b93fd961-f2e6-462f-b122-82002247de78'
const REVOKED = 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4'
const UNKNOWN = '11111111-2222-3333-4444-555555555555'
const root = makeRoot()

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-mds-'))
    const publisher = makePublisher()
    const path = join(folder, 'root.pem')
    writeFileSync(path, pemOf(publisher.root))
    world = await startWorld(engine, { COUNTERSIGN_FIDO_METADATA_ROOT: path })
    bearer = await clientToken(world)
    const statusReports = [{ status: 'REVOKED', effectiveDate: '2026-01-01' }]
    const certified = [{ status: 'FIDO_CERTIFIED_L1' }, { status: 'REVOKED', certificate: base64Of(issue(root)) }]
    const blob = publish(publisher, 1, [
      { aaguid: GOOD, description: 'Kestrel Key', anchors: [root], statusReports: certified },
      { aaguid: REVOKED, description: 'Kestrel Old', anchors: [root], statusReports },
    ])
    await world.ground.fidoMetadata.bring(blob, { kind: 'operator' })
  })
  afterAll(async () => {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const path = (rest: string, tenant = world.demo.tenant) => `/configuration/${tenant}/v2/Fido/${rest}`
  const put = (body: object) => api(world, bearer, 'PUT', path('Policy'), body)
  const model = async (id: string) => (await api(world, bearer, 'GET', path(`Models/${id}`))).body

  test('the stock policy refuses compromised models and takes no certificate of a stranger', async () => {
    const { status, body } = await api(world, bearer, 'GET', path('Policy'))
    const { refusedStatuses } = STOCK_FIDO_POLICY
    expect(status).toBe(200)
    expect(body).toMatchObject({ refusedStatuses, anchors: [], allowUntrustedDirect: false, meta: { version: 1 } })
  })

  test('an administrator sees what is known of a model and why it is refused', async () => {
    expect(await model(GOOD.toUpperCase())).toMatchObject({
      ...{ id: GOOD, description: 'Kestrel Key', usable: true, anchors: { metadata: 1, policy: 0 } },
      statuses: [
        { status: 'FIDO_CERTIFIED_L1', refused: false, oneCertificate: false },
        { status: 'REVOKED', refused: true, oneCertificate: true },
      ],
    })
    expect(await model(REVOKED)).toMatchObject({ usable: false, reason: 'status_REVOKED' })
    const unknown = await model(UNKNOWN)
    expect(unknown).toMatchObject({ usable: false, reason: 'no_anchor', statuses: [] })
    expect(unknown.description).toBeUndefined()
    expect((await api(world, bearer, 'GET', path('Models/kestrel'))).status).toBe(400)
  })

  test('a policy that is put holds at once, and what it leaves out is as in the stock', async () => {
    const certificate = pemOf(root)
    const said = { refusedStatuses: ['RETIRED'], anchors: [{ certificate, aaguids: [UNKNOWN.toUpperCase()] }] }
    const { status, body } = await put({ ...said, allowUntrustedDirect: true })
    expect([status, body.refusedStatuses, body.allowUntrustedDirect]).toEqual([200, ['RETIRED'], true])
    expect(body.anchors).toMatchObject([
      { aaguids: [UNKNOWN], subject: 'C=SE, O=Kestrel, CN=Kestrel Root', validTo: '2124-01-01T00:00:00.000Z' },
    ])
    expect(await model(REVOKED)).toMatchObject({ usable: true })
    expect(await model(UNKNOWN)).toMatchObject({ usable: true, anchors: { metadata: 0, policy: 1 } })
    expect((await api(world, bearer, 'GET', path('Policy'))).body).toMatchObject({ anchors: [{ aaguids: [UNKNOWN] }] })
    const anew = await put({ meta: { version: body.meta.version } })
    expect(anew.body).toMatchObject({ refusedStatuses: STOCK_FIDO_POLICY.refusedStatuses, anchors: [] })
    expect((await put({ meta: { version: body.meta.version } })).status).toBe(409)
    expect(await model(REVOKED)).toMatchObject({ usable: false })
  })

  test.each([
    ['no certificate', { anchors: [{ certificate: 'MIIB', aaguids: [GOOD] }] }],
    ['two certificates in one', { anchors: [{ certificate: pemOf(root) + pemOf(root), aaguids: [GOOD] }] }],
    ['a certificate for every model', { anchors: [{ certificate: pemOf(root), aaguids: [] }] }],
    ['a model without an AAGUID', { anchors: [{ certificate: pemOf(root), aaguids: ['all'] }] }],
    ['a status that cannot be one', { refusedStatuses: ['revoked; drop table'] }],
  ])('refused: %s', async (_name, body) => {
    const { status } = await put(body)
    expect(status).toBe(400)
  })

  test('neither a stranger nor a client without the permission reads or writes it', async () => {
    for (const rest of ['Policy', `Models/${GOOD}`]) {
      expect((await api(world, 'nobody', 'GET', path(rest))).status).toBe(401)
    }
    expect((await api(world, 'nobody', 'PUT', path('Policy'), {})).status).toBe(401)
  })
})
