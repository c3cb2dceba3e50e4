/**
 * What the sign-in portal knows of a login: the answer of `flow`, read member by member. The page with scripts and the server that
 * renders it without read the same way; what is not understood is left out, so that a new member or class breaks no page.
 */

/** Classes of factors that the portal shows. Certificates need more than a page. */
export const SHOWN_CLASSES = ['LOGIN', 'OTP', 'OOB', 'CODE', 'PUSH', 'FIDO', 'CARD'] as const
export type ShownClass = (typeof SHOWN_CLASSES)[number]
/** Those that a form cannot prove: the page asks an authenticator or a reader, by its scripts. */
export type KeyClass = 'FIDO' | 'CARD'

export type Method = 'email' | 'sms'
export type Constraints = Readonly<Record<string, string | number | boolean>>

export interface Factor {
  readonly id: string
  /** The policy: `AT_CUSTPWD`. */
  readonly code: string
  readonly type: ShownClass
  readonly upon: readonly string[]
  readonly actions: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly warning_seconds: number
  readonly constraints: Constraints
  readonly methods: readonly Method[]
  readonly pollTimeout_seconds: number
  readonly pollInterval_seconds: number
  readonly choosesDevice: boolean
  readonly devices: readonly Device[]
  /** A passkey of it tells whose it is: no user name is needed. */
  readonly discovers: boolean
}

/** A key that may be enrolled here. */
export interface Enrolment {
  readonly id: string
  readonly type: KeyClass
  readonly code: string
  /** What has to be proved before; undefined: nothing beside the sign-in, or something that no form proves. */
  readonly protection: Protection | undefined
}

export interface Protection {
  readonly id: string
  readonly code: string
  readonly type: 'LOGIN' | 'OTP'
}

export interface Device {
  readonly id: string
  readonly name: string
}

export interface Action {
  readonly id: string
  readonly type: string
  readonly methods: readonly Method[]
  readonly next: string | undefined
}

export const STEPS = ['first', 'second', 'consent', 'ready', 'failed'] as const
export type Step = (typeof STEPS)[number]

export interface Flow {
  readonly step: Step
  readonly username: string | undefined
  readonly error: string | undefined
  readonly firstFactors: readonly Factor[]
  /** Those that may follow the first factor that was proved. */
  readonly secondFactors: readonly Factor[]
  readonly actions: readonly Action[]
  readonly enrolments: readonly Enrolment[]
  /** What protects an enrolment and was proved. */
  readonly protection: string | undefined
  /** The policy of the first factor that was proved. */
  readonly provedCode: string | undefined
}

type Members = Readonly<Record<string, unknown>>

const POLL_TIMEOUT_SECONDS = 60
const POLL_INTERVAL_SECONDS = 2

export function readFlow(answer: unknown): Flow {
  const flow = members(answer)
  const progress = members(flow.progress)
  const first = text(progress.first)
  const firstFactors = list(flow.firstFactors).flatMap(readFactor)
  const protections = list(flow.enrollProtectionFactors).flatMap(readProtection)
  return {
    step: STEPS.find(step => step === progress.step) ?? 'failed',
    username: text(progress.username),
    error: text(progress.error),
    firstFactors,
    secondFactors: list(flow.secondFactors)
      .flatMap(readFactor)
      .filter(({ upon }) => first === undefined || upon.length === 0 || upon.includes(first)),
    actions: list(flow.actions).flatMap(readAction),
    enrolments: list(flow.enrollActions).flatMap(entry => readEnrolment(entry, protections)),
    protection: text(progress.protection),
    provedCode: firstFactors.find(({ id }) => id === first)?.code,
  }
}

function readFactor(entry: Members): Factor[] {
  const id = text(entry.factorId)
  const code = text(entry.code)
  const type = SHOWN_CLASSES.find(one => one === entry.type)
  if (id === undefined || code === undefined || type === undefined) return []
  return [
    {
      id,
      code,
      type,
      upon: texts(typeof entry.upon === 'string' ? [entry.upon] : entry.upon),
      actions: texts(entry.actions),
      labels: readLabels(entry.localizationKeyRedefinition),
      warning_seconds: count(entry.expirationWarningThreshold, 0),
      constraints: readConstraints(entry.constraints),
      methods: readMethods(entry.oobMethods),
      pollTimeout_seconds: count(entry.pollTimeout, POLL_TIMEOUT_SECONDS),
      pollInterval_seconds: Math.max(1, count(entry.pollInterval, POLL_INTERVAL_SECONDS)),
      choosesDevice: entry.allowUserDeviceSelection === true,
      devices: list(entry.devices).flatMap(readDevice),
      discovers: type === 'FIDO' && String(entry.discoverCredentialsInDevice) === 'true',
    },
  ]
}

function readAction(entry: Members): Action[] {
  const id = text(entry.actionId)
  const type = text(entry.type)
  if (id === undefined || type === undefined) return []
  return [{ id, type, methods: readMethods(entry.resetPasswordMethods), next: text(entry.next_action) }]
}

/** One whose protection the portal cannot ask for is left out. */
function readEnrolment(entry: Members, protections: readonly Protection[]): Enrolment[] {
  const id = text(entry.enrollId)
  const code = text(entry.code)
  const type = (['FIDO', 'CARD'] as const).find(one => one === entry.type)
  const protection = protections.find(one => one.id === entry.protectionFactor)
  if (id === undefined || code === undefined || type === undefined) return []
  return entry.protectionFactor !== undefined && protection === undefined ? [] : [{ id, type, code, protection }]
}

function readProtection(entry: Members): Protection[] {
  const id = text(entry.protectionFactorId)
  const code = text(entry.code)
  const type = (['LOGIN', 'OTP'] as const).find(one => one === entry.type)
  return id === undefined || code === undefined || type === undefined ? [] : [{ id, code, type }]
}

function readDevice({ deviceId, deviceFriendlyName }: Members): Device[] {
  const id = typeof deviceId === 'number' ? String(deviceId) : text(deviceId)
  return id === undefined ? [] : [{ id, name: text(deviceFriendlyName) ?? id }]
}

function readLabels(value: unknown): Readonly<Record<string, string>> {
  const pairs = Object.entries(members(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return Object.fromEntries(pairs)
}

function readConstraints(value: unknown): Constraints {
  const pairs = Object.entries(members(value)).filter((pair): pair is [string, string | number | boolean] =>
    ['string', 'number', 'boolean'].includes(typeof pair[1]),
  )
  return Object.fromEntries(pairs)
}

const readMethods = (value: unknown): Method[] =>
  texts(value).filter((one): one is Method => one === 'email' || one === 'sms')

/** The action of a factor that belongs to one of these types; the names it lists need not exist. */
export function actionOf(flow: Flow, factor: Factor, types: readonly string[]): Action | undefined {
  return flow.actions.find(({ id, type }) => factor.actions.includes(id) && types.includes(type))
}

/** The factors that may come now. */
export const factorsNow = ({ step, firstFactors, secondFactors }: Flow): readonly Factor[] =>
  step === 'second' ? secondFactors : firstFactors

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
const list = (value: unknown): Members[] => (Array.isArray(value) ? value.map(members) : [])
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

function count(value: unknown, otherwise: number): number {
  const number = Number(value ?? Number.NaN)
  return Number.isFinite(number) && number >= 0 ? number : otherwise
}
