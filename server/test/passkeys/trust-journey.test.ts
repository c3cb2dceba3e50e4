/**
 * W1 and W2 through the calls of a login: which key a person may enrol is decided by the workflow's list, the tenant's policy and the
 * FIDO metadata; the person is told a code, and the administrator finds it in the audit with the name of the model.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportAudit } from '#audit/audit-export.ts'
import { storeReader } from '#audit/store-reader.ts'
import { auditLog } from '#storage/audit.ts'
import { everyEventSealed } from '../every-event-sealed.ts'
import type { PortalClient } from '../sign-in/browser.ts'
import { api, engineNames, scim, startWorld, type World } from '../world.ts'
import { packedBy, packedSelf } from './attesters.ts'
import { type Attest, SoftAuthenticator } from './authenticator.ts'
import { attester, issue, makeRoot, pemOf } from './certificates.ts'
import { makeMaker } from './forgeries.ts'
import { makePublisher, publish } from './metadata.ts'
import { creationOptions, loose, PasskeyPeople, registration } from './people.ts'

const GOOD = 'b93fd961-f2e6-462f-b122-82002247de78'
const REVOKED = 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4'
const OWN = '22222222-2222-4222-8222-222222222222'
const maker = makeMaker(GOOD, REVOKED)
const genuine = packedBy(attester(maker.leaf, maker.intermediate))
const revoked = packedBy(attester(maker.otherModel, maker.intermediate))
const house = makeRoot({ subject: { C: 'SE', O: 'House', CN: 'House Root' } })

describe.each(engineNames)('on %s', engine => {
  let world: World
  let people: PasskeyPeople
  let client: PortalClient
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-mds-'))
    const publisher = makePublisher()
    const path = join(folder, 'root.pem')
    writeFileSync(path, pemOf(publisher.root))
    world = await startWorld(engine, { COUNTERSIGN_FIDO_METADATA_ROOT: path })
    people = await PasskeyPeople.of(world)
    const statusReports = [{ status: 'REVOKED', effectiveDate: '2026-01-01' }]
    const entries = [
      { aaguid: GOOD, description: 'Kestrel Key 5', anchors: [maker.root] },
      { aaguid: REVOKED, description: 'Kestrel Key 4', anchors: [maker.root], statusReports },
    ]
    await world.ground.fidoMetadata.bring(publish(publisher, 1, entries), { kind: 'operator' })
    client = await people.client(
      loose(({ enrollActions: [action] }) => {
        Object.assign(action, { allowedAAGUIDs: [GOOD, REVOKED, OWN], attestationVerification: 'direct' })
      }),
    )
  })
  afterAll(async () => {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function enrol(aaguid: string, attest?: Attest) {
    const who = await people.somebody()
    const browser = await people.login(client, who.name)
    await people.protect(browser, who)
    const options = await creationOptions(browser, who.name)
    expect(options.attestation).toBe('direct')
    const credential = new SoftAuthenticator({ aaguid }).create(options, people.origin, attest)
    return { who, reply: await registration(browser, who.name, credential) }
  }

  /** What the exported audit has of the last enrolment of this person. */
  async function lastEvent(user: string): Promise<Record<string, unknown>> {
    await everyEventSealed(world)
    const tenant = await world.office.directory.find(world.demo.tenant)
    const events: Record<string, unknown>[] = []
    for await (const line of exportAudit(storeReader(world.ground.store, auditLog), tenant?.number ?? 0)) {
      events.push(JSON.parse(JSON.parse(line).body ?? '{}'))
    }
    return events.findLast(event => event.action === 'registerPasskey' && String(event.user) === user) ?? {}
  }

  test('a genuine key of a listed model is enrolled under the name of its model', async () => {
    const { reply } = await enrol(GOOD, genuine)
    expect([reply.status, reply.text]).toEqual([200, expect.any(String)])
    const device = await scim(world, people.bearer, 'GET', `/Device/${reply.body.device_id}`)
    expect(device.text).toContain('Kestrel Key 5')
  })

  test.each([
    ['attestation_missing', GOOD, undefined, /Kestrel Key 5/],
    ['attestation_self', GOOD, packedSelf, /Kestrel Key 5/],
    ['aaguid_not_allowed', '33333333-3333-4333-8333-333333333333', packedSelf, /33333333/],
    ['status_REVOKED', REVOKED, revoked, /Kestrel Key 4 REVOKED since 2026-01-01/],
    ['no_anchor', OWN, packedBy(attester(issue(house), house)), /22222222/],
    ['chain_untrusted', GOOD, packedBy(attester(issue(house), house)), /Kestrel Key 5/],
  ])('%s is told to the person and stands in the audit', async (reason, aaguid, attest, detail) => {
    const { who, reply } = await enrol(aaguid, attest)
    expect([reply.status, reply.body.reason]).toEqual([expect.any(Number), reason])
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(await lastEvent(who.id)).toMatchObject({
      ...{ result: 'FAILURE', reason },
      parameters: { ATC: 'AT_FIDO', TEXT3: expect.stringMatching(detail) },
    })
  })

  test('an anchor of the policy makes a house’s own model good, at once', async () => {
    const anchors = [{ certificate: pemOf(house), aaguids: [OWN] }]
    const path = `/configuration/${world.demo.tenant}/v2/Fido/Policy`
    expect((await api(world, people.bearer, 'PUT', path, { anchors })).status).toBe(200)
    const { reply } = await enrol(OWN, packedBy(attester(issue(house), house)))
    expect([reply.status, reply.text]).toEqual([200, expect.any(String)])
  })
})
