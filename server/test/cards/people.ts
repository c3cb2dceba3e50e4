/** What tests of cards in logins share: applications of each kind, the published sample, people, and cards on the simulated reader of the bridge. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CardUse } from '@countersign/protocol/card/message.ts'
import type { CardReader } from '#cli/card-reader.ts'
import { simulatedReader } from '#cli/simulated-reader.ts'
import { rowsOf } from '#domain/ports/store.ts'
import { cardKey } from '#factors/card/card.ts'
import { cardCryptography } from '#keys/card-cryptography.ts'
import { sql } from '#storage/sql.ts'
import { PasskeyPeople, type Payload, type Somebody } from '../passkeys/people.ts'
import { type Browser, type PortalClient, sample } from '../sign-in/browser.ts'
import { api, type Reply, type World } from '../world.ts'

export const CARD = { authType: 'AT_CARD' } as const
export const MASTER_KEY = '00112233445566778899aabbccddeeff'
export type Kind = 'none' | 'cmac' | 'ecdsa'

export interface HeldCard {
  readonly csn: string
  readonly type: 'Seos'
  readonly application: string
  readonly kind: Kind
  readonly key?: string
  readonly privateKey?: string
}

export const newCsn = () => randomBytes(7).toString('hex').toUpperCase()

/** The published sample for these applications. */
export function cardFlow(
  applications: readonly string[],
  change: (payload: Payload) => void = () => undefined,
): Payload {
  const payload = sample('card')
  payload.enrollActions[0].allowedCards = [...applications]
  change(payload)
  return payload
}

export class CardPeople {
  readonly people: PasskeyPeople
  readonly world: World
  readonly origin: string

  private constructor(people: PasskeyPeople) {
    this.people = people
    this.world = people.world
    this.origin = people.origin
  }

  static async of(world: World): Promise<CardPeople> {
    return new CardPeople(await PasskeyPeople.of(world))
  }

  get path(): string {
    return `/configuration/${this.world.demo.tenant}/v2/Application/CardAuth`
  }

  configure(body: object): Promise<Reply> {
    return api(this.world, this.people.bearer, 'POST', this.path, body)
  }

  /** A new application of the tenant. */
  async application(kind: Kind, more: object = {}): Promise<string> {
    const id = `APP_${randomBytes(4).toString('hex').toUpperCase()}`
    const proof =
      kind === 'none' ? {} : { proof: { type: kind, ...(kind === 'cmac' ? { masterKey: MASTER_KEY } : {}) } }
    const { status, text } = await this.configure({ id, name: 'Cards', type: ['Seos'], ...proof, ...more })
    if (status !== 201) throw new Error(`no application: ${status} ${text}`)
    return id
  }

  card(application: string, kind: Kind, csn = newCsn()): HeldCard {
    const base = { csn, type: 'Seos', application, kind } as const
    if (kind === 'none') return base
    if (kind === 'cmac') {
      const master = new Uint8Array(Buffer.from(MASTER_KEY, 'hex'))
      return { ...base, key: Buffer.from(cardKey(cardCryptography, master, application, csn)).toString('hex') }
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { ...base, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url') }
  }

  reader(card: HeldCard): CardReader {
    const path = join(this.world.home, `card-${card.csn}-${randomBytes(4).toString('hex')}.json`)
    writeFileSync(path, JSON.stringify({ cards: [card] }))
    return simulatedReader(path)
  }

  /** What a page hands over of a card; with the challenge of a login where its application asks for a proof. */
  async shown(
    card: HeldCard,
    use: CardUse,
    challenge?: string,
    origin = this.origin,
  ): Promise<Record<string, unknown>> {
    const { csn, type, application } = card
    if (challenge === undefined) return { csn, type, application }
    const nonce = new Uint8Array(Buffer.from(challenge, 'base64url'))
    const made = await this.reader(card).answer({ use, origin, application, csn, nonce })
    if (!made) throw new Error('the card is silent')
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
    const publicKey = use === 'enrol' && made.publicKey ? { publicKey: text(made.publicKey) } : {}
    return { csn, type, application, origin, answer: text(made.answer), ...publicKey }
  }

  login = (client: PortalClient, name?: string, more?: Record<string, string>): Promise<Browser> =>
    this.people.login(client, name, true, more)

  client = (payload: Payload): Promise<PortalClient> => this.people.client(payload)

  /** Enrols in this login, whose protection was proved. */
  async register(browser: Browser, username: string, card: HeldCard): Promise<Reply> {
    let challenge: string | undefined
    if (card.kind !== 'none') {
      const asked = await browser.json('enroll/card', { ...CARD, username, enroll_step: 'getchallenge' })
      if (asked.status !== 200) throw new Error(`challenge: ${asked.status} ${asked.text}`)
      challenge = asked.body.challenge
    }
    return registration(browser, username, await this.shown(card, 'enrol', challenge))
  }

  async enrol(client: PortalClient, who: Somebody, card: HeldCard): Promise<Reply> {
    const browser = await this.login(client, who.name)
    await this.people.protect(browser, who)
    return this.register(browser, who.name, card)
  }

  /** Somebody with an enrolled card. */
  async holder(client: PortalClient, card: HeldCard) {
    const who = await this.people.somebody()
    const reply = await this.enrol(client, who, card)
    if (reply.status !== 200) throw new Error(`enrol: ${reply.status} ${reply.text}`)
    return { who, card, device: reply.body.device_id as string }
  }

  async challenge(browser: Browser, username: string): Promise<string> {
    const reply = await browser.json('code', { ...CARD, grant_type: 'card_challenge', username })
    if (reply.status !== 200) throw new Error(`challenge: ${reply.status} ${reply.text}`)
    return reply.body.challenge
  }

  async signIn(browser: Browser, username: string, card: HeldCard): Promise<Reply> {
    const challenge = card.kind === 'none' ? undefined : await this.challenge(browser, username)
    return proved(browser, username, await this.shown(card, 'sign-in', challenge))
  }

  /** The newest event of this action. */
  async told(action: string) {
    const rows = await this.world.ground.store.read(1, () =>
      rowsOf(
        sql<{
          body: Uint8Array
        }>`select body as "body" from audit_event where tenant_number = 1 order by id desc limit 60`,
      ),
    )
    return rows.map(({ body }) => JSON.parse(Buffer.from(body).toString())).find(one => one.action === action)
  }
}

export const registration = (browser: Browser, username: string, credential: unknown, more = {}): Promise<Reply> =>
  browser.json('enroll/card', { ...CARD, enroll_step: 'registercredential', username, credential, ...more })

export const proved = (browser: Browser, username: string, password: unknown): Promise<Reply> =>
  browser.json('code', { ...CARD, grant_type: 'password', username, password })

export const claims = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
