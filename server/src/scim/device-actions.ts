/**
 * Actions on a device, wrapped in their URN: AUTO-SYNCH finds a token again by two codes in a row, MANUAL-SYNCH (also
 * SYNCH-COUNTER) by the counter that it shows. Surprises: clients of the reference send AUTO-SYNCH with one code, which is too
 * easily hit by chance in a wide window, so a second is asked for; and the two may both be called OTP.
 */
import type { ActionAnswer } from '@countersign/protocol/scim/action.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { Administrator } from '#administration/change.ts'
import type { Devices } from '#administration/devices.ts'
import type { DeviceId } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { actionAnswer, unknownAction } from '#scim/actions.ts'
import { type Members, membersOf } from '#scim/members.ts'

interface DeviceAction {
  readonly name: string
  /** By name in upper case; a name may come more than once. */
  readonly values: ReadonlyMap<string, readonly string[]>
}

const LONGEST_NAME = 64
const LONGEST_VALUE = 64
const MOST_ATTRIBUTES = 20
const wholeNumber = /^\d{1,15}$/

/** Undefined when the body is no action. One that is not wrapped is one all the same, and must not pass for a device. */
export function readDeviceAction(members: Members): DeviceAction | undefined {
  const wrapped = members.group(urn.action) ?? (members.any('action') === undefined ? undefined : members)
  if (wrapped === undefined) return undefined
  const name = wrapped.text('action', LONGEST_NAME)?.toUpperCase()
  if (!name) throw new Refusal('invalid_value', 'The action has no name.')
  const values = new Map<string, string[]>()
  for (const written of wrapped.list('attributes', MOST_ATTRIBUTES) ?? []) {
    const attribute = membersOf(written, 'attributes')
    const key = attribute.text('name', LONGEST_NAME)?.toUpperCase()
    if (!key) throw new Refusal('invalid_value', 'A parameter of an action has a name.')
    const value = attribute.text('value', LONGEST_VALUE) ?? ''
    values.set(key, [...(values.get(key) ?? []), value])
  }
  return { name, values }
}

export async function doDeviceAction(
  devices: Devices,
  tenant: Tenant,
  id: DeviceId,
  { name, values }: DeviceAction,
  by: Administrator,
): Promise<ActionAnswer> {
  switch (name) {
    case 'AUTO-SYNCH':
      await devices.synchronise(tenant, id, twoCodes(values), by)
      return actionAnswer([])
    case 'MANUAL-SYNCH':
    case 'SYNCH-COUNTER': {
      const counter = counterIn(values)
      await devices.moveCounter(tenant, id, counter, by)
      return actionAnswer([['COUNTER', String(counter)]])
    }
    case 'UNLOCK':
    case 'PIN-UNLOCK':
      throw new Refusal('action_not_possible', 'No device here has a PIN that a code of ours could unlock.')
    default:
      throw unknownAction()
  }
}

/** OTP and OTP2, or OTP twice. */
function twoCodes(values: DeviceAction['values']): readonly [string, string] {
  const [first, second, ...more] = [...(values.get('OTP') ?? []), ...(values.get('OTP2') ?? [])]
  if (!first || !second || more.length > 0) {
    throw new Refusal('invalid_value', 'Two codes in a row are needed: the first as OTP, the next one as OTP2.')
  }
  return [first, second]
}

function counterIn(values: DeviceAction['values']): number {
  const [text, ...more] = values.get('COUNTER') ?? []
  if (text === undefined && values.has('CLOCK')) {
    throw new Refusal('action_not_possible', 'A clock is found by AUTO-SYNCH with two codes.')
  }
  if (text === undefined || more.length > 0 || !wholeNumber.test(text)) {
    throw new Refusal('invalid_value', 'COUNTER is needed: the whole number that the token shows.')
  }
  return Number(text)
}
