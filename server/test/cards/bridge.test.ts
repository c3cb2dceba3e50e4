/**
 * The card bridge: which pages it listens to, pairing, a card that comes and goes, and a whole enrolment and sign-in by it, through the
 * script of the portal. And the reader by `opensc-tool`, by what that prints.
 */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cardBridge } from '#cli/card-bridge-server.ts'
import { Pairing } from '#cli/card-pairing.ts'
import { pcscReader, responsesIn } from '#cli/pcsc-reader.ts'
import { simulatedReader } from '#cli/simulated-reader.ts'
import { openCardBridge } from '../../../web/portal/card-bridge.ts'
import { startWorld, type World } from '../world.ts'
import { CardPeople, cardFlow, type HeldCard, proved, registration } from './people.ts'

let world: World
let cards: CardPeople
let server: Server
let port: number
let file: string
let codes: string[]

beforeAll(async () => {
  world = await startWorld()
  cards = await CardPeople.of(world)
  file = join(world.home, 'cards.json')
})
afterAll(() => world.close())

beforeEach(async () => {
  codes = []
  let n = 0
  const random = { bytes: (count: number) => new Uint8Array(count).fill(++n) }
  server?.close()
  holdUp(undefined)
  server = cardBridge({
    reader: simulatedReader(file),
    pairing: new Pairing(random, code => codes.push(code)),
    origins: [cards.origin],
    wait_ms: 700,
    tell: () => undefined,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

const holdUp = (card: HeldCard | undefined) =>
  writeFileSync(file, JSON.stringify({ onReader: card?.csn ?? null, cards: card ? [card] : [] }))

interface Told {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Told> {
  return new Promise((done, failed) => {
    const call = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { origin: cards.origin, ...headers } },
      reply => {
        let text = ''
        reply.on('data', part => (text += part))
        reply.on('end', () => done({ status: reply.statusCode ?? 0, headers: reply.headers, body: text }))
      },
    )
    call.on('error', failed)
    call.end(body)
  })
}
const JSON_TYPE = { 'content-type': 'application/json' }

/** The page of this origin, whose tab keeps what `keep` holds. */
function page(origin = cards.origin, keep = new Map<string, string>()) {
  return openCardBridge({
    port,
    fetch: (address, init) => fetch(address, { ...init, headers: { ...(init.headers as object), origin } }),
    keep: {
      getItem: name => keep.get(name) ?? null,
      setItem: (name, value) => void keep.set(name, value),
      removeItem: name => void keep.delete(name),
    },
  })
}

describe('pages', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['the same host on another port', { origin: 'http://localhost:1' }],
    ['a name that was made to point here', { host: 'evil.example' }],
  ])('%s is told nothing', async (_, headers) => {
    for (const [method, path] of [
      ['GET', '/v1/status'],
      ['OPTIONS', '/v1/card'],
      ['POST', '/v1/pair'],
    ] as const) {
      const told = await ask(method, path, { ...JSON_TYPE, ...headers }, method === 'POST' ? '{"code":"1"}' : undefined)
      expect([told.status, JSON.parse(told.body).error]).toEqual([403, 'origin_not_allowed'])
      if ('origin' in headers) expect(told.headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('a program without an origin, too', async () => {
    const told = await fetch(`http://127.0.0.1:${port}/v1/status`)
    expect(told.status).toBe(403)
  })

  it('a listed page is answered for itself alone, also before it calls from a public network', async () => {
    const told = await ask('OPTIONS', '/v1/card', {
      'access-control-request-method': 'POST',
      'access-control-request-private-network': 'true',
    })
    expect(told.status).toBe(204)
    expect(told.headers).toMatchObject({
      'access-control-allow-origin': cards.origin,
      'access-control-allow-private-network': 'true',
      'access-control-allow-headers': 'content-type, authorization',
      vary: 'origin',
    })
    expect(told.headers['access-control-allow-credentials']).toBeUndefined()
  })

  it('H2: bodies that are long, no JSON, or of another shape', async () => {
    expect((await ask('POST', '/v1/pair', {}, 'code=1')).status).toBe(415)
    expect((await ask('POST', '/v1/pair', JSON_TYPE, `{"code":"${'1'.repeat(9000)}"}`)).status).toBe(401)
    expect((await ask('POST', '/v1/pair', JSON_TYPE, '{')).status).toBe(401)
    expect((await ask('PUT', '/v1/pair', JSON_TYPE, '{}')).status).toBe(404)
  })
})

describe('pairing', () => {
  it('by the code of the terminal, once; a token is of its origin and of this run', async () => {
    const keep = new Map<string, string>()
    const bridge = page(cards.origin, keep)
    expect(await bridge.state()).toBe('unpaired')
    expect(await bridge.card()).toBeUndefined()
    const [code = ''] = codes
    expect(code).toMatch(/^\d{8}$/)
    expect(await bridge.pair(`${code.slice(0, 4)} ${code.slice(4)}`)).toBe(true)
    expect(await bridge.state()).toBe('paired')
    expect(await page().pair(code)).toBe(false)
    const [token = ''] = keep.values()
    const stolen = await ask('POST', '/v1/card', { ...JSON_TYPE, authorization: `Bearer ${token}x` }, '{}')
    expect(stolen.status).toBe(401)
  })

  it('five wrong codes make a new one', async () => {
    const [code = ''] = codes
    for (let n = 0; n < 5; n++) expect(await page().pair('00000000')).toBe(false)
    expect(codes).toHaveLength(2)
    expect(await page().pair(code)).toBe(code === codes[1])
    expect(await page().pair(codes.at(-1) ?? '')).toBe(true)
  })
})

describe('a card', () => {
  async function paired() {
    const bridge = page()
    await bridge.pair(codes.at(-1) ?? '')
    return bridge
  }

  it('is waited for, answers while it is there, and is gone when it is gone', async () => {
    const card = cards.card('APP_X', 'cmac')
    const bridge = await paired()
    const waiting = bridge.card()
    setTimeout(() => holdUp(card), 900)
    expect(await waiting).toEqual({ csn: card.csn, type: 'Seos' })
    const wanted = { csn: card.csn, application: 'APP_X', use: 'sign-in', challenge: 'A'.repeat(43) } as const
    expect(await bridge.answer(wanted)).toMatchObject({ origin: cards.origin })
    expect(await bridge.answer({ ...wanted, challenge: 'AA' })).toBeUndefined()
    holdUp(undefined)
    expect(await bridge.answer(wanted)).toBeUndefined()
  })

  it.each(['none', 'cmac', 'ecdsa'] as const)('%s: is enrolled and signs in by the bridge', async kind => {
    const application = await cards.application(kind)
    const client = await cards.client(cardFlow([application]))
    const who = await cards.people.somebody()
    const card = cards.card(application, kind)
    holdUp(card)
    const bridge = await paired()
    const shown = async (use: 'enrol' | 'sign-in', challenge: string | undefined) => {
      const found = await bridge.card()
      if (!found) throw new Error('no card')
      const answer = challenge === undefined ? {} : await bridge.answer({ csn: found.csn, application, use, challenge })
      return { ...found, application, ...answer }
    }
    const enrolling = await cards.login(client, who.name)
    await cards.people.protect(enrolling, who)
    const asked = await enrolling.json('enroll/card', {
      authType: 'AT_CARD',
      username: who.name,
      enroll_step: 'getchallenge',
    })
    expect(asked.body.applications).toEqual([{ application, types: ['Seos'], proof: kind }])
    const given = await shown('enrol', kind === 'none' ? undefined : asked.body.challenge)
    expect((await registration(enrolling, who.name, given)).status).toBe(200)
    const login = await cards.login(client, who.name)
    const challenge = kind === 'none' ? undefined : await cards.challenge(login, who.name)
    expect((await proved(login, who.name, await shown('sign-in', challenge))).status).toBe(200)
  })
})

describe('a file of cards', () => {
  it('that is being written anew is waited for', async () => {
    const card = { csn: '04A2B3C4', type: 'Seos' }
    writeFileSync(file, '')
    const seen = simulatedReader(file).card()
    setTimeout(() => writeFileSync(file, JSON.stringify({ cards: [card] })), 20)
    expect(await seen).toEqual(card)
  })

  it('that stays malformed is named', async () => {
    writeFileSync(file, '{')
    await expect(simulatedReader(file).card()).rejects.toMatchObject({ hint: `${file} is not JSON.` })
    writeFileSync(file, '{}')
    await expect(simulatedReader(file).card()).rejects.toMatchObject({
      hint: expect.stringContaining('no file of cards'),
    })
  })
})

describe('PC/SC by opensc-tool', () => {
  const printed = (...parts: readonly string[]) =>
    `Using reader with a card: ACS ACR122U\n${parts.map(one => `Sending: FF CA 00 00 00 \nReceived (${one}\n`).join('')}`
  const UID = 'SW1=0x90, SW2=0x00):\n04 A2 B3 C4 .... '
  const EMPTY = 'SW1=0x90, SW2=0x00)'

  it('reads bytes over several lines, and none of another status', () => {
    const long = 'SW1=0x90, SW2=0x00):\n00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F ................\n10 11 ..'
    expect(responsesIn(printed(long, 'SW1=0x6A, SW2=0x82)')).map(one => one?.toString('hex'))).toEqual([
      '000102030405060708090a0b0c0d0e0f1011',
      undefined,
    ])
    expect(responsesIn('No smart card readers found.')).toEqual([])
  })

  it('tells a card and its answer; a card without the application answers nothing', async () => {
    const sent: (readonly string[])[] = []
    const mac = `SW1=0x90, SW2=0x00):\n${'AA '.repeat(16)}................`
    const reader = pcscReader('Seos', async words => {
      sent.push(words)
      return words.length === 2 ? printed(UID) : printed(UID, EMPTY, mac)
    })
    expect(await reader.card()).toEqual({ csn: '04A2B3C4', type: 'Seos' })
    const situation = {
      use: 'sign-in',
      origin: 'https://a',
      application: 'A',
      csn: '04A2B3C4',
      nonce: new Uint8Array(32),
    } as const
    expect((await reader.answer(situation))?.answer).toEqual(new Uint8Array(16).fill(0xaa))
    expect(sent[1]?.[5]).toMatch(/^0088000020[0-9A-F]{64}00$/)
    expect(await reader.answer({ ...situation, csn: '04A2B3C5' })).toBeUndefined()
    const bare = pcscReader('Seos', async () => printed(UID, 'SW1=0x6A, SW2=0x82)', 'SW1=0x6D, SW2=0x00)'))
    expect(await bare.answer(situation)).toBeUndefined()
    const nothing = pcscReader('Seos', async () => undefined)
    expect(await nothing.card()).toBeUndefined()
  })
})
