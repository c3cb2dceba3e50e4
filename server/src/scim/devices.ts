/**
 * Devices: `/scim/{tenant}/v2/Device`. PUT merges; assigning is a PUT, or a POST as the reference's guide has it, with an
 * `owner`. A POST to one device may instead carry an action; the two are told apart by what the body holds.
 */
import { actionAnswer } from '@countersign/protocol/scim/action.ts'
import { device as deviceShape } from '@countersign/protocol/scim/device.ts'
import { deviceWrite, deviceWriteOrAction } from '@countersign/protocol/scim/device-write.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { DeviceView } from '#administration/device-view.ts'
import type { Devices } from '#administration/devices.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { doDeviceAction, readDeviceAction } from '#scim/device-actions.ts'
import { readDeviceChange } from '#scim/device-read.ts'
import { deviceOnWire, listedDevice } from '#scim/device-wire.ts'
import { siteOf } from '#scim/location.ts'
import { membersOf } from '#scim/members.ts'
import {
  assertQuery,
  numberedPath,
  numberIn,
  selectionOf,
  selectionRefusals,
  shown,
  versionIn,
} from '#scim/resource-request.ts'
import { searchEndpoints } from '#scim/search-endpoints.ts'
import type { Selection } from '#scim/select.ts'

interface Needs {
  readonly devices: Devices
  readonly clock: Clock
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Device'
const params = numberedPath
const idIn = (path: { readonly id: string }) => numberIn(path, 'device')
const writeRefusals = [
  'invalid_value',
  'invalid_path',
  'too_long',
  'status_not_allowed',
  'dates_in_wrong_order',
  'limit_reached',
] as const
const changeRefusals = [...writeRefusals, 'immutable', 'version_mismatch', 'not_found'] as const

function shownDevice(one: DeviceView, here: Here, selection: Selection, { clock }: Needs): Answer<unknown> {
  return shown(deviceOnWire(one, siteOf(here), clock.now()), one.version, selection)
}

async function changed(path: { id: string }, query: object, body: unknown, here: Here, needs: Needs) {
  const selection = selectionOf(query, 'Device')
  const id = idIn(path)
  const target = { id, ...versionIn(here, membersOf(body).any('meta')) }
  const wanted = readDeviceChange(body, id)
  const device = await needs.devices.update(here.tenant, target, wanted, administratorOf(here))
  return shownDevice(device, here, selection, needs)
}

export const deviceEndpoints: readonly Endpoint[] = [
  ...searchEndpoints<Needs>({
    path: PATH,
    plural: 'devices',
    permission: 'device.read',
    resource: 'Device',
    shape: deviceShape,
    async page({ tenant, site, plan }, { devices, clock }) {
      const found = await devices.search(tenant, plan)
      const now = clock.now()
      return { total: found.total, resources: found.devices.map(device => listedDevice(device, site, now)) }
    },
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
      const selection = selectionOf(query, 'Device')
      const device = await needs.devices.create(here.tenant, readDeviceChange(body), administratorOf(here))
      return shownDevice(device, here, selection, needs)
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
    refusals: [...selectionRefusals, 'not_found'],
    async handle({ path, query }, here: Here, needs: Needs) {
      const selection = selectionOf(query, 'Device')
      return shownDevice(await needs.devices.load(here.tenant, idIn(path)), here, selection, needs)
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
      assertQuery(query)
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
      assertQuery(query)
      await devices.remove(here.tenant, { id: idIn(path), ...versionIn(here) }, administratorOf(here))
      return { body: null }
    },
  }),
]
