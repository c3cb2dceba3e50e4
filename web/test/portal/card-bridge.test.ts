/** What the page knows of a bridge, paired or not, there or not; and of a card that a phone reads itself. */
import { describe, expect, it } from 'vitest'
import { hasWebNfc, nfcCard, openCardBridge } from '../../portal/card-bridge.ts'

type Answer = readonly [status: number, body?: unknown]

function bridgeOf(answers: Record<string, Answer | Answer[]>) {
  const kept = new Map<string, string>()
  const calls: { address: string; init: RequestInit }[] = []
  const bridge = openCardBridge({
    keep: {
      getItem: name => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: name => void kept.delete(name),
    },
    async fetch(address, init) {
      calls.push({ address, init })
      const given = answers[new URL(address).pathname]
      const one = Array.isArray(given?.[0]) ? (given as Answer[]).shift() : (given as Answer | undefined)
      if (!one) throw new TypeError('Failed to fetch')
      return new Response(one[1] === undefined ? null : JSON.stringify(one[1]), { status: one[0] })
    },
  })
  return { bridge, calls, kept }
}
const status = (paired: boolean) => [200, { bridge: 'countersign', version: 1, reader: 'simulated', paired }] as const

describe('state', () => {
  it.each([
    ['absent', undefined],
    ['absent', [403, {}]],
    ['absent', [200, { bridge: 'another', version: 1, paired: true }]],
    ['absent', [200, { bridge: 'countersign', version: 2, paired: true }]],
    ['unpaired', status(false)],
    ['paired', status(true)],
  ] as const)('%s: %j', async (state, answer) => {
    const { bridge } = bridgeOf(answer ? { '/v1/status': answer } : {})
    expect(await bridge.state()).toBe(state)
  })
})

describe('pairing', () => {
  it('keeps the token and shows it from then on, until the bridge knows it no more', async () => {
    const { bridge, calls, kept } = bridgeOf({
      '/v1/pair': [200, { token: 'T' }],
      '/v1/card': [401, {}],
    })
    expect(await bridge.pair(' 12345678 ')).toBe(true)
    expect(JSON.parse(String(calls[0]?.init.body))).toEqual({ code: '12345678' })
    expect(await bridge.card()).toBeUndefined()
    expect(new Headers(calls[1]?.init.headers).get('authorization')).toBe('Bearer T')
    expect(kept.size).toBe(0)
  })

  it('a wrong code keeps nothing', async () => {
    const { bridge, kept } = bridgeOf({ '/v1/pair': [401, {}] })
    expect(await bridge.pair('1')).toBe(false)
    expect(kept.size).toBe(0)
  })
})

describe('a card', () => {
  it('is waited for over as many calls as it takes', async () => {
    const card = { csn: '04A2B3C4', type: 'Seos' }
    const { bridge, calls } = bridgeOf({ '/v1/card': [[204], [204], [200, card]] })
    expect(await bridge.card()).toEqual(card)
    expect(calls).toHaveLength(3)
  })

  it('is not waited for after the signal', async () => {
    const { bridge, calls } = bridgeOf({ '/v1/card': [204] })
    expect(await bridge.card(AbortSignal.abort())).toBeUndefined()
    expect(calls).toHaveLength(0)
  })

  it('answers, or is gone', async () => {
    const wanted = { csn: '04A2B3C4', application: 'APP', use: 'sign-in', challenge: 'AA' } as const
    const there = bridgeOf({ '/v1/answer': [200, { origin: 'https://a', answer: 'BB' }] })
    expect(await there.bridge.answer(wanted)).toEqual({ origin: 'https://a', answer: 'BB' })
    expect(await bridgeOf({ '/v1/answer': [409, {}] }).bridge.answer(wanted)).toBeUndefined()
  })
})

describe('Web NFC', () => {
  const readerOf = (serials: readonly string[], refuse = false) =>
    class extends EventTarget {
      async scan() {
        if (refuse) throw new DOMException('no', 'NotAllowedError')
        for (const serialNumber of serials)
          setTimeout(() => this.dispatchEvent(Object.assign(new Event('reading'), { serialNumber })), 0)
      }
    }

  it('is there or not', async () => {
    expect(hasWebNfc({})).toBe(false)
    expect(hasWebNfc({ NDEFReader: readerOf([]) })).toBe(true)
    expect(await nfcCard({}, new AbortController().signal)).toBeUndefined()
  })

  it('reads the first serial number that is one', async () => {
    const window = { NDEFReader: readerOf(['', '04:a2:b3:c4:d5:e6:80']) }
    expect(await nfcCard(window, new AbortController().signal)).toEqual({ csn: '04A2B3C4D5E680', type: 'NFC' })
  })

  it('may be refused by the person', async () => {
    expect(await nfcCard({ NDEFReader: readerOf([], true) }, new AbortController().signal)).toBeUndefined()
  })
})
