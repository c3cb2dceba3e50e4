/**
 * `countersign tenant callbacks --tenant NAME`: where the clients of a tenant may be called back beyond public addresses. Shows the rules,
 * and changes them when told to. Each range opens a way from the server into the network it stands in.
 */

import { callbackRulesKind } from '#administration/callback-rules-kind.ts'
import type { Administrator } from '#administration/change.ts'
import type { Arguments, OfficeCommand } from '#cli/command.ts'
import { type Office, TENANT_FLAG, tenantOf } from '#cli/office.ts'
import type { CallbackRules } from '#domain/callback-rules.ts'
import { Refusal } from '#domain/refusal.ts'
import { addressRanges } from '#http/address-ranges.ts'

const operator: Administrator = { actor: { kind: 'operator' }, permissions: new Set(), correlation: 'cli' }

export const tenantCallbacks: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'tenant callbacks',
  summary: 'Shows or changes where the clients of a tenant may be called back.',
  flags: [
    TENANT_FLAG,
    { name: 'allow', value: 'CIDR', sentence: 'A range that may be called although it is not public.', repeats: true },
    { name: 'deny', value: 'CIDR', sentence: 'A range that was allowed and is no longer.', repeats: true },
    { name: 'loopback', value: 'on|off', sentence: 'Whether loopback addresses need no registration: for a demo.' },
  ],

  async run(given, office) {
    const tenant = await tenantOf(given, office)
    const { allow, deny, loopback } = given.flags
    const changes = allow !== undefined || deny !== undefined || loopback !== undefined
    const rules = changes
      ? await office.documents.update(
          tenant,
          callbackRulesKind,
          { code: 'CALLBACKS' },
          before => changed(before, given),
          operator,
        )
      : tenant.configuration.callbacks
    const { allowedRanges, unregisteredLoopback } = rules
    return {
      lines: [
        `Ranges beside public addresses: ${allowedRanges.length === 0 ? 'none' : allowedRanges.join(', ')}`,
        `Loopback without registration: ${unregisteredLoopback ? 'on' : 'off'}`,
      ],
      data: { allowedRanges, unregisteredLoopback },
    }
  },
}

function changed(before: CallbackRules, { flags }: Arguments): CallbackRules {
  const removed = rangesOf(flags.deny)
  const stranger = removed.find(range => !before.allowedRanges.includes(range))
  if (stranger !== undefined) throw new Refusal('invalid_value', `${stranger} is not among the allowed ranges.`)
  const kept = before.allowedRanges.filter(range => !removed.includes(range))
  return {
    ...before,
    allowedRanges: [...new Set([...kept, ...rangesOf(flags.allow)])],
    unregisteredLoopback: readSwitch(flags.loopback) ?? before.unregisteredLoopback,
  }
}

function rangesOf(flag: string | true | undefined): readonly string[] {
  const ranges = typeof flag === 'string' ? flag.split(/[\n,]/).map(part => part.trim()) : []
  for (const range of ranges) {
    try {
      addressRanges([range])
    } catch {
      throw new Refusal('invalid_value', `"${range.slice(0, 60)}" is no range like 10.0.0.0/8.`)
    }
  }
  return ranges
}

function readSwitch(flag: string | true | undefined): boolean | undefined {
  if (flag === undefined) return undefined
  if (flag !== 'on' && flag !== 'off') throw new Refusal('invalid_value', '--loopback is on or off.')
  return flag === 'on'
}
