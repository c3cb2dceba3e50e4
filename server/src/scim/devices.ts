/**
 * Devices: `/scim/{tenant}/v2/Device`. PUT merges; assigning is a PUT, or a POST as the reference's guide has it, with an
 * `owner`. A POST to one device may instead carry an action; the two are told apart by what the body holds.
 */
import { actionAnswer } from '@countersign/protocol/scim/action.ts'
import { device as deviceShape } from '@countersign/protocol/scim/device.ts'
import { deviceWrite, deviceWriteOrAction } from '@countersign/protocol/scim/device-write.ts'
import { listResponse } from '@countersign/protocol/scim/list-response.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { searchRequest } from '@countersign/protocol/scim/search-request.ts'
import { Type } from 'typebox'
import type { DeviceTarget } from '#administration/device-update.ts'
import type { DeviceView } from '#administration/device-view.ts'
import type { Devices } from '#administration/devices.ts'
import { type DeviceId, idOf } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { administratorOf } from '#scim/administrator.ts'
import { assertApiVersion } from '#scim/api-version.ts'
import { doDeviceAction, readDeviceAction } from '#scim/device-actions.ts'
import { readDeviceChange } from '#scim/device-read.ts'
import { deviceOnWire, listedDevice } from '#scim/device-wire.ts'
import { attributesOf } from '#scim/filter/attributes.ts'
import { listOf } from '#scim/list.ts'
import { membersOf } from '#scim/members.ts'
import { etagOf, expectedVersion } from '#scim/meta.ts'
import { readSearch } from '#scim/search.ts'
import { searchMembers } from '#scim/search-body.ts'
import { readSelection, type Selection, select } from '#scim/select.ts'
import { selectable } from '#scim/selectable.ts'

interface Needs {
  readonly devices: Devices
  readonly clock: Clock
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Device'
const params = Type.Object({ id: Type.String({ maxLength: 20 }) })
const searchRefusals = ['invalid_value', 'invalid_filter', 'invalid_path', 'too_long'] as const
const writeRefusals = [
  'invalid_value',
  'invalid_path',
  'too_long',
  'status_not_allowed',
  'dates_in_wrong_order',
  'limit_reached',
] as const
const changeRefusals = [...writeRefusals, 'immutable', 'version_mismatch', 'not_found'] as const
const noUserAttributes = () => false

function idIn(path: { readonly id: string }): DeviceId {
  const id = idOf(path.id)
  if (id === undefined) throw new Refusal('not_found', 'There is no device with this id.')
  return id
}

function selectionOf(query: object): Selection {
  assertApiVersion(query as Readonly<Record<string, unknown>>)
  const members = membersOf(query)
  return readSelection(selectable.Device, members.any('attributes'), members.any('excludedAttributes'))
}

function targetOf(id: DeviceId, { headers }: Here, meta: unknown): DeviceTarget {
  return { id, version: expectedVersion(headers['if-match'], meta) }
}

function shown(device: DeviceView, { origin, tenant }: Here, selection: Selection, { clock }: Needs): Answer<unknown> {
  const wire = deviceOnWire(device, { origin, tenant: tenant.name }, clock.now())
  return { headers: { etag: etagOf(device.version) }, body: select(wire, selection) }
}

async function searched(query: object, body: object, here: Here, needs: Needs): Promise<Answer<unknown>> {
  assertApiVersion(query as Readonly<Record<string, unknown>>)
  const { tenant, origin } = here
  const find = attributesOf('Device', noUserAttributes)
  const { plan, selection } = readSearch(searchMembers(query, body), find, selectable.Device)
  const found = await needs.devices.search(tenant, plan)
  const site = { origin, tenant: tenant.name }
  const now = needs.clock.now()
  const resources = found.devices.map(device => select(listedDevice(device, site, now), selection))
  return { body: listOf(found.total, resources, plan.offset) }
}

async function changed(path: { id: string }, query: object, body: unknown, here: Here, needs: Needs) {
  const selection = selectionOf(query)
  const id = idIn(path)
  const target = targetOf(id, here, membersOf(body).any('meta'))
  const wanted = readDeviceChange(body, id)
  return shown(await needs.devices.update(here.tenant, target, wanted, administratorOf(here)), here, selection, needs)
}

export const deviceEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: PATH,
    summary: 'Lists devices, all or those that a filter names.',
    access: bearerMay('device.read'),
    query: searchRequest,
    answers: { status: 200, shape: listResponse(deviceShape) },
    refusals: searchRefusals,
    handle: ({ query }, here: Here, needs: Needs) => searched(query, {}, here, needs),
  }),

  endpoint({
    method: 'POST',
    path: `${PATH}/.search`,
    summary: 'Searches devices; the body holds what a list has in its query.',
    access: bearerMay('device.read'),
    query: searchRequest,
    accepts: { as: 'json', shape: searchRequest },
    answers: { status: 200, shape: listResponse(deviceShape) },
    refusals: searchRefusals,
    handle: ({ query, body }, here: Here, needs: Needs) => searched(query, body, here, needs),
  }),

  endpoint({
    method: 'POST',
    path: PATH,
    summary: 'Makes a device without a key; keys come with an import.',
    access: bearerMay('device.create'),
    query: resourceQuery,
    accepts: { as: 'json', shape: deviceWrite },
    answers: { status: 201, shape: deviceShape },
    refusals: [...writeRefusals, 'uniqueness', 'algorithm_absent'],
    async handle({ query, body }, here: Here, needs: Needs) {
      const selection = selectionOf(query)
      const device = await needs.devices.create(here.tenant, readDeviceChange(body), administratorOf(here))
      return shown(device, here, selection, needs)
    },
  }),

  endpoint({
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Shows one device.',
    access: bearerMay('device.read'),
    params,
    query: resourceQuery,
    answers: { status: 200, shape: deviceShape },
    refusals: ['invalid_value', 'invalid_path', 'too_long', 'not_found'],
    async handle({ path, query }, here: Here, needs: Needs) {
      const selection = selectionOf(query)
      return shown(await needs.devices.load(here.tenant, idIn(path)), here, selection, needs)
    },
  }),

  endpoint({
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Changes a device: members that are given are merged, all others stay.',
    access: bearerMay('device.update'),
    params,
    query: resourceQuery,
    accepts: { as: 'json', shape: deviceWrite },
    answers: { status: 200, shape: deviceShape },
    refusals: changeRefusals,
    handle: ({ path, query, body }, here: Here, needs: Needs) => changed(path, query, body, here, needs),
  }),

  endpoint({
    method: 'POST',
    path: `${PATH}/{id}`,
    summary: 'Changes a device like PUT, or does an action with it: AUTO-SYNCH, MANUAL-SYNCH.',
    access: bearerMay('device.update'),
    params,
    query: resourceQuery,
    accepts: { as: 'json', shape: deviceWriteOrAction },
    answers: { status: 200, shape: Type.Union([deviceShape, actionAnswer]) },
    refusals: [...changeRefusals, 'action_not_possible', 'unsupported_value'],
    async handle({ path, query, body }, here: Here, needs: Needs) {
      const action = readDeviceAction(membersOf(body))
      if (action === undefined) return changed(path, query, body, here, needs)
      assertApiVersion(query)
      return { body: await doDeviceAction(needs.devices, here.tenant, idIn(path), action, administratorOf(here)) }
    },
  }),

  endpoint({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Removes a device with its keys, whoever has it.',
    access: bearerMay('device.delete'),
    params,
    query: resourceQuery,
    answers: { status: 204, shape: Type.Null() },
    refusals: ['invalid_value', 'version_mismatch', 'not_found'],
    async handle({ path, query }, here: Here, { devices }: Needs) {
      assertApiVersion(query)
      await devices.remove(here.tenant, targetOf(idIn(path), here, undefined), administratorOf(here))
      return { body: null }
    },
  }),
]
