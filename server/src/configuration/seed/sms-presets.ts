/** Shapes of providers' requests, as data: see `sms-presets.json`. A tenant names one, and adds its address and secrets. */

import presets from '#configuration/seed/sms-presets.json' with { type: 'json' }
import type { SmsGateway } from '#domain/gateway.ts'

export type SmsPreset = Pick<SmsGateway, 'name' | 'method' | 'headers' | 'body' | 'contentType' | 'success'>

export const smsPresets: ReadonlyMap<string, SmsPreset> = new Map(Object.entries(presets) as [string, SmsPreset][])
