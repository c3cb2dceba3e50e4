/** Requests as an app sees them: the inbox, one request, its answer, scanning, requests of its own (approve protocol, sections 6 to 8). */
import { type Static, Type } from 'typebox'
import { purposes } from './approval.ts'
import { base64url, compact, decimal, time } from './text.ts'

const purpose = Type.Enum(purposes)
export const LONGEST_TDS = 4000
export const LONGEST_APPROVAL = 24_000

export const inboxAnswer = Type.Object({
  requests: Type.Array(Type.Object({ id: Type.String(), purpose, created_at: time, expires_at: time })),
  notices: Type.Array(Type.Object({ id: Type.String(), kind: Type.String(), text: Type.String(), at: time })),
  policy_version: Type.Integer(),
  server_time: time,
})
export type InboxAnswer = Static<typeof inboxAnswer>

export const requestAnswer = Type.Object({
  id: Type.String(),
  purpose,
  tds: Type.String(),
  statuses: Type.Array(Type.String()),
  created_at: time,
  expires_at: time,
  server_time: time,
  tx_floor: Type.Integer({ description: 'The answer counts above this.' }),
  number: Type.Boolean({ description: 'Two digits that the asking page shows are to be typed.' }),
  silent: Type.Boolean({ description: 'May be signed without asking, when scanned by the live camera.' }),
  scanned: Type.Optional(Type.Boolean()),
  scan: Type.Optional(compact(4096)),
  client: Type.Object({ name: Type.String() }),
  asked_from: Type.Object({ origin: Type.Optional(Type.String()), address: Type.Optional(Type.String()) }),
})
export type RequestAnswer = Static<typeof requestAnswer>

export const requestPath = Type.Object({ id: decimal })
export const answerRequest = Type.Object({
  jws: compact(LONGEST_APPROVAL),
  scan: Type.Optional(compact(4096)),
})
export const answerAnswer = Type.Object({ status: Type.String(), server_time: time })

export const scanVias = ['camera', 'link', 'image', 'text'] as const
export const scanRequest = Type.Object({
  jwt: compact(4096),
  via: Type.Enum(scanVias),
})
export type ScanVia = (typeof scanVias)[number]

export const SCAN_TYPE = 'cs-request+jwt'
export const scanPayload = Type.Object({
  jti: decimal,
  tenant: Type.String({ maxLength: 64 }),
  service: Type.String({ maxLength: 512 }),
  channel: Type.String({ maxLength: 32 }),
  policy: Type.String({ maxLength: 32 }),
  type: Type.String({ maxLength: 32 }),
  cal: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 8 }),
  client: Type.String({ maxLength: 200 }),
  iat: time,
  exp: time,
})
export type ScanPayload = Static<typeof scanPayload>

export const directRequest = Type.Object({
  purpose,
  jws: compact(LONGEST_APPROVAL),
  template: Type.Optional(Type.String({ maxLength: 32 })),
  values: Type.Optional(Type.Record(Type.String({ maxLength: 32 }), Type.String({ maxLength: 256 }))),
  client: Type.Optional(Type.String({ maxLength: 128 })),
})
export const directAnswer = Type.Object({
  status: Type.String(),
  auth_req_id: Type.String(),
  id_token: Type.Optional(Type.String()),
  server_time: time,
})
export type DirectAnswer = Static<typeof directAnswer>

export const deviceChange = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  wake: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Object({
        kind: Type.Literal('web-push'),
        endpoint: Type.String({ maxLength: 1024 }),
        p256dh: base64url(88),
        auth: base64url(24),
      }),
    ]),
  ),
})
export const deviceAnswer = Type.Object({ name: Type.String(), server_time: time })
export type DeviceChangeRequest = Static<typeof deviceChange>

/** The text of a template with its values; undefined when they do not fit it exactly. A value holds no braces. */
export function filledTemplate(template: string, values: Readonly<Record<string, string>>): string | undefined {
  const names = new Set([...template.matchAll(/\{([A-Za-z0-9_]{1,32})\}/g)].map(match => match[1] as string))
  const given = Object.keys(values)
  if (given.length !== names.size || !given.every(name => names.has(name))) return undefined
  if (given.some(name => /[{}]/.test(values[name] ?? ''))) return undefined
  return template.replaceAll(/\{([A-Za-z0-9_]{1,32})\}/g, (_, name: string) => values[name] ?? '')
}
