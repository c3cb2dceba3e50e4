/**
 * Cards in the portal, by the card bridge as people start it (`countersign card-bridge --simulate`): paired once, a card that is enrolled,
 * signs in, is taken away, or is another one. The bridge listens where every page looks for it, so this file waits for its turn.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { bridgeTurn } from '../../../server/test/cards/bridge-turn.ts'
import { CardPeople, cardFlow, type HeldCard, type Kind } from '../../../server/test/cards/people.ts'
import { alerted, follow, heading, press } from './passkey-people.ts'
import { type Client, type PortalGround, startPortal } from './portal-ground.ts'

const MAIN = fileURLToPath(new URL('../../../server/bin/countersign.js', import.meta.url))
const CODE = /Code for a page that asks: (\d+) (\d+)/g

let ground: PortalGround
let cards: CardPeople
let file: string

let endTurn: () => void

beforeAll(async () => {
  endTurn = await bridgeTurn()
  ground = await startPortal()
  cards = await CardPeople.of(ground.world)
  file = join(ground.world.home, 'held.json')
})
afterAll(async () => {
  await ground?.close()
  endTurn?.()
})

const holdUp = (card: HeldCard | undefined) =>
  writeFileSync(file, JSON.stringify({ onReader: card?.csn ?? null, cards: card ? [card] : [] }))

interface Bridge {
  /** The newest code that stands in its terminal. */
  code(): Promise<string>
  stop(): Promise<void>
}

async function startBridge(): Promise<Bridge> {
  holdUp(undefined)
  const words = ['card-bridge', '--simulate', file, '--origin', ground.server]
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...words], { env: { PATH: process.env.PATH ?? '' } })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', data => {
      printed += data
    })
  }
  await vi.waitFor(() => expect(printed).toContain('may ask on'), { timeout: 30_000 })
  return {
    async code() {
      await expect.poll(() => [...printed.matchAll(CODE)].length).toBeGreaterThan(0)
      const [, one = '', two = ''] = [...printed.matchAll(CODE)].at(-1) ?? []
      return `${one} ${two}`
    },
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

async function sample(kind: Kind, type = ['Seos']) {
  const application = await cards.application(kind, { type })
  return { application, client: await ground.client(await ground.workflow(cardFlow([application]))) }
}

async function somebody() {
  const person = await ground.person()
  return { person, password: await ground.password(person, 'AT_EMPPWD') }
}

async function protect(page: Page, { person, password }: Awaited<ReturnType<typeof somebody>>) {
  await follow(page, 'Set up a card')
  await page.getByText('First confirm that it is you.').waitFor()
  const name = page.getByLabel('User name')
  if (await name.isEditable()) await name.fill(person.name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Next')
  await page.getByRole('button', { name: 'Read card' }).waitFor()
}

async function pair(page: Page, bridge: Bridge) {
  await press(page, 'Read card')
  await page.getByText('Connect this page to your card reader first.').waitFor()
  await page.getByLabel('Code of the card bridge').fill(await bridge.code())
  await press(page, 'Connect')
}

async function begun(client: Client) {
  const { context, page } = await ground.open()
  await ground.begin(page, client)
  return { context, page }
}

describe('without a bridge', () => {
  it('the page says what to start, and a card waits until it is there', async () => {
    const { client } = await sample('none')
    const { context, page } = await begun(client)
    await protect(page, await somebody())
    await press(page, 'Read card')
    await alerted(page, 'No card reader was found.')
    await ground.look(page, 'card-absent')
    expect(await page.getByRole('button', { name: 'Read card' }).count()).toBe(1)
    await context.close()
  })

  it('a phone that reads cards itself does without', async () => {
    const { client } = await sample('none', ['NFC'])
    const { context, page } = await ground.open()
    await context.addInitScript(() => {
      class NDEFReader extends EventTarget {
        async scan() {
          const reading = Object.assign(new Event('reading'), { serialNumber: '04:a2:b3:c4:d5:e6:80' })
          setTimeout(() => this.dispatchEvent(reading), 50)
        }
      }
      Object.assign(window, { NDEFReader })
    })
    await ground.begin(page, client)
    await protect(page, await somebody())
    await ground.look(page, 'card-nfc')
    await press(page, 'Hold the card to this phone')
    await page.getByText('Your card is set up. Now sign in with it.').waitFor()
    await press(page, 'Hold the card to this phone')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('only the page of a login with cards may ask one', async () => {
    const { client } = await sample('none')
    const policies: (string | undefined)[] = []
    const plain = await ground.client(
      await ground.workflow(
        cardFlow([], payload => {
          delete payload.enrollActions
          payload.firstFactors = [{ ...payload.firstFactors[0], type: 'LOGIN', code: 'AT_EMPPWD', enrollActions: [] }]
        }),
      ),
    )
    for (const one of [client, plain]) {
      const { context, page } = await ground.open()
      page.on('response', response => {
        if (/\/authn\/portal\?/.test(response.url())) policies.push(response.headers()['content-security-policy'])
      })
      await ground.begin(page, one)
      await context.close()
    }
    const bridged = policies.map(policy => policy?.includes("connect-src 'self' http://127.0.0.1:47110"))
    // The detour of an arrival, then the page, twice.
    expect(bridged).toEqual([false, true, false, false])
  })
})

describe('by the bridge', () => {
  let bridge: Bridge
  beforeAll(async () => {
    bridge = await startBridge()
  })
  afterAll(() => bridge?.stop())
  beforeEach(() => holdUp(undefined))

  it.each(['cmac', 'ecdsa', 'none'] as const)('%s: paired once, enrolled, and signed in with', async kind => {
    const { application, client } = await sample(kind)
    const who = await somebody()
    const card = cards.card(application, kind)
    const { context, page } = await begun(client)
    await protect(page, who)
    await ground.look(page, `card-enrol-${kind}`)
    await press(page, 'Read card')
    await page.getByText('Connect this page to your card reader first.').waitFor()
    await page.getByLabel('Code of the card bridge').fill('00000000')
    await press(page, 'Connect')
    await alerted(page, 'The code of the card bridge is wrong.')
    await ground.look(page, `card-pairing-${kind}`)
    await page.getByLabel('Code of the card bridge').fill(await bridge.code())
    await press(page, 'Connect')
    await page.getByText('Hold your card to the reader now.').waitFor()
    await ground.look(page, `card-waiting-${kind}`)
    holdUp(card)
    await page.getByText('Your card is set up. Now sign in with it.').waitFor()
    await press(page, 'Read card')
    expect((await ground.told(page)).get('code')).toBeTruthy()

    // Another login of the same tab: paired still, and the name is asked for.
    await ground.begin(page, client)
    await page.getByLabel('User name').fill(who.person.name)
    await press(page, 'Read card')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('waiting is given up, another card is refused, and there is room for one only', async () => {
    const { application, client } = await sample('cmac')
    const who = await somebody()
    const card = cards.card(application, 'cmac')
    const { context, page } = await begun(client)
    await protect(page, who)
    await pair(page, bridge)
    await page.getByText('Hold your card to the reader now.').waitFor()
    await press(page, 'Cancel')
    await alerted(page, 'No card was read.')
    holdUp(card)
    await press(page, 'Read card')
    await page.getByText('Your card is set up.').waitFor()
    holdUp(cards.card(application, 'cmac'))
    await press(page, 'Read card')
    await alerted(page, 'This card was not accepted.')
    await ground.look(page, 'card-refused')
    // What protects it was proved a moment ago.
    await follow(page, 'Set up a card')
    await heading(page, 'Set up a card')
    holdUp(card)
    await press(page, 'Read card')
    await alerted(page, 'You have as many of these as you may.')
    await context.close()
  })
})

it('without scripts the factor says what it needs', async () => {
  const { client } = await sample('cmac')
  const { context, page } = await ground.open({ javaScriptEnabled: false })
  await ground.begin(page, client)
  await heading(page, 'Card')
  await page.getByText('Cards need scripts').waitFor()
  expect(await page.getByRole('button', { name: 'Read card' }).count()).toBe(0)
  await context.close()
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
