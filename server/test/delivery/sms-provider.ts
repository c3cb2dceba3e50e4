/** A provider of short messages on loopback that takes JSON with a bearer and checks both. */
import assert from 'node:assert/strict'
import { sealedSecrets } from '#administration/message-gateway-rules.ts'
import { type Answer, openEndpoint, silent, statusOf } from '#delivery/conformance/endpoint.ts'
import type { MessageCandidate, Mood, Provider } from '#delivery/conformance/message-world.ts'
import type { SmsGateway } from '#domain/gateway.ts'

const KEY = 'key-of-the-provider-1a2b"&'

const answers: Record<Mood, Answer> = {
  take: statusOf(202, {}, '{"ok":true}'),
  busy: statusOf(503),
  never: statusOf(400, {}, 'planted in the answer'),
  mute: silent,
}

async function start(): Promise<Provider> {
  const endpoint = await openEndpoint()
  const moods: Mood[] = []
  const provider: { mood: Mood } = { mood: 'take' }
  endpoint.answer(
    ...Array.from({ length: 50 }, () => (response: Parameters<typeof silent>[0]) => {
      moods.push(provider.mood)
      answers[provider.mood]?.(response)
    }),
  )
  return {
    get calls() {
      return endpoint.received.length
    },
    get taken() {
      return endpoint.received
        .filter((_, n) => moods[n] === 'take')
        .map(({ headers, body }) => {
          assert.equal(headers.authorization, `Bearer ${KEY}`)
          assert.equal(headers['content-type'], 'application/json')
          const { to, text, from } = JSON.parse(body.toString()) as Record<string, string>
          assert.equal(from, 'Kestrel')
          return { to: to ?? '', text: text ?? '' }
        })
    },
    get mood() {
      return provider.mood
    },
    set mood(mood) {
      provider.mood = mood
    },
    gateway: (code, sealer, { priority = 1, enabled = true } = {}): SmsGateway => ({
      ...{ code, name: code, enabled, priority, method: 'POST', contentType: 'application/json', sender: 'Kestrel' },
      url: endpoint.url,
      headers: { Authorization: 'Bearer {$secret.key}' },
      body: '{"to":"{$to}","from":"{$sender}","text":"{$text}"}',
      success: { status: [200, 202], contains: '"ok":true' },
      secrets: sealedSecrets(sealer, 'smsGateways', code, { key: KEY }),
    }),
    close: () => endpoint.close(),
  }
}

export const smsCandidate: MessageCandidate = {
  name: 'SMS',
  method: 'sms',
  to: '+447700900123',
  start,
  inside: gateway => ({ ...gateway, url: 'http://10.1.2.3/hook' }) as SmsGateway,
  secrets: [KEY],
}
