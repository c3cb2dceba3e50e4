/**
 * What may happen in a login, and nothing else: each call, when it may be made, and where it leads. Said anew, from the samples and the
 * rules, not from the code; a test compares it with all that a server does.
 */
import type { LoginProgress } from '#domain/login.ts'

/** A login in words. `coded`, `redeemed` and `ended` are over for every call but the redemption. */
export interface Standing {
  readonly at: 'pushed' | 'api' | 'visited' | 'coded' | 'redeemed' | 'ended'
  readonly first?: string | undefined
  readonly second?: string | undefined
  readonly sent?: boolean
  readonly push?: 'asked' | 'yes' | 'no' | undefined
  readonly agreed?: string | undefined
  /** `no way`: another name may fit; `over`: the client hears of it. */
  readonly error?: 'no way' | 'over' | undefined
}

/** A workflow, its person and its client, as far as they matter. */
export interface Facts {
  /** First factors of the person, and whether a second one is asked for then. */
  readonly firsts: Readonly<Record<string, 'enough' | 'second'>>
  readonly second?: string
  /** Wrong answers three times end the login. */
  readonly bounded: readonly string[]
  readonly actions: readonly ('change password' | 'ask for a reset' | 'reset password')[]
  /** Somebody else who has the customer password alone: comes in by it, finds no way on, or it is no factor here. */
  readonly another: 'in' | 'no way on' | 'no factor'
  /** What is offered to whom nothing fits: nothing, or all, so that it tells nothing. */
  readonly filters: boolean
  /** The front end of a client that keeps a secret may go on without a browser. */
  readonly confidential: boolean
  readonly consent: boolean
  /** Factors that are asked for and that the person has no key for. */
  readonly keyless?: readonly string[]
  /** Something to enrol is offered to whom nothing fits. */
  readonly enrols?: true
}

export function wordsOf({ at, first, second, sent, push, agreed, error }: Standing): string {
  if (at === 'coded' || at === 'redeemed' || at === 'ended') return at
  const words = [
    at,
    first && `first ${first}`,
    second && `second ${second}`,
    sent && 'sent',
    push,
    agreed && `agreed to ${agreed}`,
    error,
  ]
  return words.filter(Boolean).join(', ')
}

export function standingOf(at: Standing['at'], progress: LoginProgress, push: Standing['push']): Standing {
  const { first, second, sent, consented, error } = progress
  return {
    ...{ at, push, first: first?.policy, second: second?.policy, sent: sent !== undefined },
    ...{ agreed: consented?.join(' '), error: error && (error.passing ? 'no way' : 'over') },
  }
}

type Rule = (now: Standing, facts: Facts) => Standing | undefined

const same: Rule = now => now
const anew = ({ error }: Standing): Standing => (error === 'over' ? { at: 'visited', error } : { at: 'visited' })
/** A step of a login that only was pushed. */
const moved = (now: Standing, change: Partial<Standing>): Standing => ({
  ...{ ...now, error: undefined, ...change },
  at: now.at === 'pushed' ? 'api' : now.at,
})

const isProved = ({ first, second }: Standing, { firsts }: Facts) =>
  first !== undefined && (firsts[first] !== 'second' || second !== undefined)

/** Whoever shows what belongs to the login; one that was only pushed is open to a client that keeps a secret. */
const admitted =
  (rule: Rule): Rule =>
  (now, facts) =>
    now.at === 'visited' || (facts.confidential && (now.at === 'pushed' || now.at === 'api'))
      ? rule(now, facts)
      : undefined
const open = (rule: Rule): Rule => admitted((now, facts) => (now.error === 'over' ? undefined : rule(now, facts)))
const before = (rule: Rule): Rule => open((now, facts) => (now.first === undefined ? rule(now, facts) : undefined))

/** A look at what is offered: that nothing fits is kept for the client, until something does. */
const looking = (fits: (facts: Facts) => boolean): Rule =>
  admitted((now, facts) => {
    if (now.error === 'over' || now.first !== undefined) return now
    if (fits(facts)) return now.error === undefined ? now : moved(now, {})
    // Told, and kept once.
    if (now.error === 'no way') return facts.enrols ? now : undefined
    return moved(now, { error: 'no way' })
  })
const agreeing = (rule: (now: Standing) => Standing): Rule =>
  open((now, facts) => (facts.consent && isProved(now, facts) ? rule(now) : undefined))
const offered = (call: Facts['actions'][number]): Rule =>
  open((now, { actions }) => (actions.includes(call) ? now : undefined))

const ending: Rule = (now, facts) => {
  if (now.error !== undefined && (now.error === 'over' || now.first === undefined)) return { at: 'ended' }
  return isProved(now, facts) && (!facts.consent || now.agreed !== undefined) ? { at: 'coded' } : undefined
}

const own = ({ firsts }: Facts) => Object.keys(firsts).length > 0
const flow = looking(own)

const common: Readonly<Record<string, Rule>> = {
  'visit again': now => (now.at === 'visited' ? now : now.at === 'pushed' || now.at === 'api' ? anew(now) : undefined),
  'visit from elsewhere': now => (['pushed', 'api', 'visited'].includes(now.at) ? anew(now) : undefined),
  // A page for anybody; it shows what is offered to its own browser only.
  portal: now => (now.at === 'visited' && now.error === 'no way' && now.first === undefined ? moved(now, {}) : now),
  flow,
  'flow of nobody': looking(({ filters }) => !filters),
  'flow of another': looking(({ filters, another }) => !filters || another === 'in'),
  theme: admitted(same),
  'look at consent': agreeing(now => now),
  'agree to all': agreeing(now => ({ ...now, agreed: 'openid profile' })),
  'agree to openid': agreeing(now => ({ ...now, agreed: 'openid' })),
  'agree to nothing': agreeing(now => ({ ...now, error: 'over' })),
  'prove another': before((now, { another }) => {
    if (another === 'no factor') return undefined
    if (another === 'in') return moved(now, { first: 'AT_CUSTPWD' })
    return now.error === 'no way' ? undefined : moved(now, { error: 'no way' })
  }),
  'ask for a code': open((now, facts) =>
    facts.second === 'AT_OOB' && now.first && !isProved(now, facts) ? { ...now, sent: true } : undefined,
  ),
  // A challenge of its own each time, which moves nobody on.
  'ask for a passkey': open((now, facts) => (isKeyless('AT_FIDO', now, facts) ? now : undefined)),
  'ask for a card': open((now, facts) => (isKeyless('AT_CARD', now, facts) ? now : undefined)),
  'change password': offered('change password'),
  'ask for a reset': offered('ask for a reset'),
  'reset password': offered('reset password'),
  cancel: admitted(now => (now.error === 'over' ? now : moved(now, { error: 'over' }))),
  end: (now, facts) => (now.at === 'visited' ? ending(now, facts) : undefined),
  'end by a call': admitted(ending),
  redeem: ({ at }) => (at === 'coded' ? { at: 'redeemed' } : undefined),
  activate: before((now, { firsts }) => ('AT_OOB' in firsts ? moved(now, { first: 'AT_OOB' }) : undefined)),
  // Only the phone answers; what the page asks beside it is `flow`.
  'yes on the phone': (now, facts) => (now.push === 'asked' ? { ...now, push: 'yes' } : flow(now, facts)),
  'no on the phone': (now, facts) => (now.push === 'asked' ? { ...now, push: 'no' } : flow(now, facts)),
}

const isAsked = (policy: string, now: Standing, facts: Facts) =>
  now.first === undefined ? policy in facts.firsts : policy === facts.second && !isProved(now, facts)

const proving = (policy: string): Rule =>
  open((now, facts) => {
    if (!isAsked(policy, now, facts)) return undefined
    if (now.first === undefined) return policy === 'AT_OOB' ? undefined : moved(now, { first: policy })
    if (policy === 'AT_PASA-2FA') return pushing(now)
    if (policy === 'AT_OOB' && !now.sent && now.first !== 'AT_OOB') return undefined
    return moved(now, { second: policy, sent: false })
  })

function pushing(now: Standing): Standing | undefined {
  if (now.push === undefined) return { ...now, push: 'asked' }
  if (now.push === 'yes') return moved(now, { second: 'AT_PASA-2FA', push: undefined })
  return now.push === 'no' ? moved(now, { push: undefined }) : undefined
}

const isKeyless = (policy: string, now: Standing, facts: Facts) =>
  facts.keyless?.includes(policy) === true && !isProved(now, facts)

const failing = (policy: string): Rule =>
  open((now, facts) =>
    (isAsked(policy, now, facts) || isKeyless(policy, now, facts)) && facts.bounded.includes(policy)
      ? moved(now, { error: 'over' })
      : undefined,
  )

function ruleOf(call: string): Rule | undefined {
  const [, policy = '', wrong] = /^prove (AT_[A-Z0-9-]+)(, wrong three times|, wrong)?$/.exec(call) ?? []
  if (policy === '') return common[call]
  if (wrong === undefined) return proving(policy)
  return wrong === ', wrong' ? undefined : failing(policy)
}

/** Of one state: the calls that succeed or move something, and what stands then. What is not here must be refused and change nothing. */
export function declaredFor(now: Standing, calls: Iterable<string>, facts: Facts): Readonly<Record<string, string>> {
  const all = [...calls].flatMap(call => {
    const next = ruleOf(call)?.(now, facts)
    return next === undefined ? [] : [[call, wordsOf(next)] as const]
  })
  return Object.fromEntries(all)
}
