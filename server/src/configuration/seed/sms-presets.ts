/** Shapes of providers' requests, as data: see `sms-presets.json`. A tenant names one, and adds its address and secrets. */
import type { SmsGateway } from '#domain/gateway.ts'
import presets from './sms-presets.json' with { type: 'json' }

export type SmsPreset = Pick<SmsGateway, 'name' | 'method' | 'headers' | 'body' | 'contentType' | 'success'>

export const smsPresets: ReadonlyMap<string, SmsPreset> = new Map(Object.entries(presets) as [string, SmsPreset][])
