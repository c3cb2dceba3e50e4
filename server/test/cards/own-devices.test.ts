/** R1 with cards: who showed a copied number changes no device, who showed a card that proves something does; and which cards are worth being asked for. */
import { expect, it } from 'vitest'
import { mayChangeDevices } from '#administration/own-device-rule.ts'
import { stock } from '#configuration/seed/stock.ts'
import type { CardApplication } from '#domain/card-application.ts'
import { buildConfiguration } from '#domain/configuration.ts'

const application = (code: string, more: Partial<CardApplication> = {}): CardApplication => ({
  ...{ code, name: code, version: 1, types: ['Seos'], deviceName: code, maximumDevicePerUser: 1 },
  rules: {
    disableThreshold: 8,
    disabledTimeReset_seconds: 0,
    defaultExpiryThreshold: -1,
    sessionIdle_ms: 1,
    sessionValid_ms: 1,
  },
  ...more,
})
const configuration = buildConfiguration(stock, {
  cardApplications: [application('BARE'), application('STRONG', { proof: 'ecdsa' })],
})
const bare = { id: 1, type: 'BARE_DT_CARD', status: 'ACTIVE' } as const
const strong = { id: 2, type: 'STRONG_DT_CARD', status: 'ACTIVE' } as const

it.each([
  ['a copied number, nothing else', [bare], [], 1, 'sign_in_again'],
  ['a copied number, and a card that proves', [bare, strong], [], 1, 'device_needed'],
  ['a password, beside a card that only identifies', [bare], ['pwd'], null, 'allowed'],
  ['a password, beside a card that proves', [strong], ['pwd'], null, 'device_needed'],
  ['a card that proves', [strong], ['pop'], 2, 'allowed'],
] as const)('R1: %s', (_, own, amr, device, answer) => {
  expect(mayChangeDevices(configuration, own, { user: 1, amr, device, openedAt_ms: 0 }, 1000)).toBe(answer)
})
