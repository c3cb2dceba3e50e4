/**
 * How many messages may go out (security.md M1): to one person, to one address, for a tenant in a day, and for short messages by the
 * price of where they go, for each country's prefix and for the tenant in a day. Who has proved to be the person has a budget beside that
 * of strangers, or they could keep him from his codes (E2). Counted in the deciding unit, so that parallel requests
 * meet the same limits. For whom nothing will be sent the same statements count on rows that bound nothing.
 */
import { createHash } from 'node:crypto'
import type { MessageNeeds } from '#authentication/messages.ts'
import type { UserId } from '#domain/ids.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import { type Query, together, type Unit } from '#domain/ports/store.ts'
import { dialled } from '#domain/telephone.ts'
import type { Tenant } from '#domain/tenant.ts'

interface MessageBudget {
  readonly name: string
  readonly minutes: number
  readonly limit: Readonly<Record<MessageMethod, number>>
  /** Whose it is. */
  readonly of: 'user' | 'address' | 'tenant' | 'prefix'
  /** Counts prices instead of messages. */
  readonly priced?: true
}

const DAY = 24 * 60

/** The data: change it here. */
const MESSAGE_BUDGETS: readonly MessageBudget[] = [
  { name: 'messages_user', minutes: 15, limit: { email: 8, sms: 8 }, of: 'user' },
  { name: 'messages_user_day', minutes: DAY, limit: { email: 40, sms: 30 }, of: 'user' },
  { name: 'messages_address', minutes: 15, limit: { email: 8, sms: 8 }, of: 'address' },
  { name: 'messages_address_day', minutes: DAY, limit: { email: 40, sms: 30 }, of: 'address' },
  { name: 'messages_tenant_day', minutes: DAY, limit: { email: 100_000, sms: 20_000 }, of: 'tenant' },
  { name: 'messages_prefix_day', minutes: DAY, limit: { email: 1_000_000, sms: 10_000 }, of: 'prefix', priced: true },
  { name: 'messages_price_day', minutes: DAY, limit: { email: 1_000_000, sms: 40_000 }, of: 'tenant', priced: true },
]

/** Whatever is not named is dear: that is where toll fraud goes; and of the country code 1 what lies in the Caribbean and the Pacific. */
const DEAR = 10
const DEAR_AREAS =
  '242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 900 939'
/** What a short message costs, in parts of the cheapest, by the longest prefix that fits (ITU-T E.164 country codes). */
const PRICES: ReadonlyMap<string, number> = new Map([
  ...['1', '44', '33', '34', '39', '46', '47', '45', '48', '31', '61', '81', '65', '55', '91'].map(
    p => [p, 1] as const,
  ),
  ...DEAR_AREAS.split(' ').map(area => [`1${area}`, DEAR] as const),
  ...['49', '43', '41', '32', '351', '353', '358', '30', '36', '420', '421', '372', '371', '370'].map(
    p => [p, 2] as const,
  ),
])
const LONGEST_PREFIX = 4
/** A country code that is not named has three digits at most. */
const COUNTRY_DIGITS = 3
const UNBOUNDED = Number.MAX_SAFE_INTEGER
const NOBODY = '-'
const MINUTE_MS = 60_000

export interface Recipient {
  readonly user: UserId
  readonly method: MessageMethod
  /** Undefined: nothing will be sent. */
  readonly to: string | undefined
  /** Whoever asks has proved to be the person, or is an administrator: strangers who ask for the same person spend another budget. */
  readonly proved?: boolean
}

/** Spends one message; false when nothing may be sent. In any case the same statements. */
export function* spendMessage(
  { budgets, clock }: Pick<MessageNeeds, 'budgets' | 'clock'>,
  tenant: Tenant,
  { user, method, to, proved = false }: Recipient,
): Unit<boolean> {
  const now = clock.now()
  const prefix = method === 'sms' && to !== undefined ? prefixOf(to) : NOBODY
  const price = PRICES.get(prefix) ?? DEAR
  const by = proved ? 'proved' : 'asked'
  const subjects = { user: `${by} ${user}`, address: `${by} ${addressKey(to ?? '')}`, tenant: '', prefix }
  const taken = MESSAGE_BUDGETS.map(({ name, minutes, limit, of, priced }): Query<{ readonly spent: number }> => {
    const period = periodOf(now, minutes)
    const [subject, most] = to === undefined ? [NOBODY, UNBOUNDED] : [`${method} ${subjects[of]}`, limit[method]]
    return budgets.takeSlice(tenant.number, { name, subject, period }, priced ? price : 1, most)
  })
  const rows = yield* together(...taken)
  return to !== undefined && rows.every(row => row.length > 0)
}

/** Numbered by the minute in which it ends, so that whoever sweeps old periods needs not know how long they are. */
const periodOf = (now_ms: number, minutes: number) => (Math.floor(now_ms / (minutes * MINUTE_MS)) + 1) * minutes

/** A number without a country is of its own, dear one. */
export function prefixOf(number: string): string {
  const digits = dialled(number)
  if (!digits.startsWith('+')) return '0'
  for (let length = LONGEST_PREFIX; length > 0; length--) {
    const prefix = digits.slice(1, 1 + length)
    if (PRICES.has(prefix)) return prefix
  }
  return digits.slice(1, 1 + COUNTRY_DIGITS)
}

/** An address does not stand in the budgets as it is; numbers can be found by trying them all. */
const addressKey = (address: string) =>
  createHash('sha256').update(dialled(address.toLowerCase())).digest('base64url').slice(0, 22)
