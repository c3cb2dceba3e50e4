/** Screens on which somebody proves a factor: a password, a code, a code that is sent first, a phone. */
import { type Factor, factorsNow, type Method, type ShownClass } from './flow.ts'
import { enrolWays } from './key-screens.ts'
import { knownName, otherWays, type Scene, signInField, whoIn } from './scene.ts'
import type { Field, FormButton, Screen } from './screen.ts'
import type { TextKey } from './texts-en.ts'
import type { Say } from './wording.ts'

/** In HTML and on the wire a password, a one-time code and an activation code are one parameter. */
const SECRETS: Readonly<
  Partial<Record<ShownClass, Pick<Field, 'kind' | 'autocomplete' | 'most'> & { label: TextKey; missing: TextKey }>>
> = {
  LOGIN: {
    kind: 'password',
    autocomplete: 'current-password',
    most: 512,
    label: 'LOGIN.input.password.label',
    missing: 'LOGIN.input.password.missing',
  },
  OTP: {
    kind: 'code',
    autocomplete: 'one-time-code',
    most: 64,
    label: 'OTP.input.otp.label',
    missing: 'OTP.input.otp.missing',
  },
  CODE: {
    kind: 'password',
    autocomplete: 'off',
    most: 128,
    label: 'CODE.input.code.label',
    missing: 'CODE.input.code.missing',
  },
}

function secretField({ type, labels }: Factor, say: Say): Field[] {
  const secret = SECRETS[type]
  if (secret === undefined) return []
  const { kind, autocomplete, most } = secret
  return [
    {
      name: 'password',
      kind,
      autocomplete,
      most,
      label: say(secret.label, {}, labels),
      missing: say(secret.missing, {}, labels),
    },
  ]
}

export function proveScreen(factor: Factor, scene: Scene): Screen {
  const { flow, say, now } = scene
  const { type, labels, code } = factor
  const second = flow.step === 'second'
  const name = knownName(scene)
  const plain = type === 'LOGIN' && !second
  const lead = plain ? say('for_client', { client: now.client }) : say(`${type}.tooltip`, {}, labels)
  const values = { authType: code, grant_type: type === 'OOB' ? 'oob' : 'password' }
  return {
    title: plain ? say('application_title') : say(`${type}.name`, {}, labels),
    lead,
    who: whoIn(scene),
    form: {
      action: 'code',
      values: name === undefined ? values : { ...values, username: name },
      place: { at: 'prove', factor: factor.id },
      after: type === 'OOB' ? { at: 'code', factor: factor.id } : undefined,
      fields: [...(name === undefined ? [signInField(scene)] : []), ...secretField(factor, say)],
      devices: devicesOf(factor, say),
      buttons: buttonsOf(factor, say),
    },
    ways: [
      ...forgotWay(factor, scene),
      ...otherWays(scene),
      ...changeWay(factor, scene),
      // Where there is something to choose from, they stand there.
      ...(factorsNow(flow).length > 1 ? [] : enrolWays(scene)),
    ],
  }
}

const devicesOf = ({ choosesDevice, devices }: Factor, say: Say) =>
  choosesDevice && devices.length > 1 ? { label: say('PUSH.device.label'), options: devices } : undefined

function buttonsOf({ type, methods }: Factor, say: Say): FormButton[] {
  if (type === 'PUSH') return [{ label: say('PUSH.send'), primary: true }]
  if (type !== 'OOB' && type !== 'CODE') return [{ label: say('submit_button'), primary: true }]
  if (methods.length === 0) return [{ label: say('OOB.send.any'), primary: true }]
  return methods.map((method, at) => ({
    label: say(`OOB.send.${method}`),
    primary: at === 0,
    sends: { name: 'oob_method', value: method },
  }))
}

const within = (factor: Factor, { flow }: Scene, types: readonly string[]) =>
  flow.actions.some(({ id, type }) => factor.actions.includes(id) && types.includes(type))

function forgotWay(factor: Factor, scene: Scene) {
  if (!within(factor, scene, ['RESET_PWD', 'FORGOT_PWD'])) return []
  return [{ label: scene.say('action.forgot_password.name'), place: { at: 'forgot', factor: factor.id } as const }]
}

function changeWay(factor: Factor, scene: Scene) {
  if (factor.type !== 'LOGIN' || !within(factor, scene, ['CHANGE_PWD'])) return []
  return [{ label: scene.say('action.change_password.name'), place: { at: 'change', factor: factor.id } as const }]
}

/** A code was sent: it is typed here. */
export function sentScreen(factor: Factor, method: Method | undefined, scene: Scene): Screen {
  const { say, now } = scene
  const sent = now.sentTo
  const road = sent?.method ?? method
  const name = knownName(scene)
  return {
    title: say('sent.title'),
    lead: sent?.to === undefined ? say(`sent.${road ?? 'any'}`) : say('sent.to', { to: sent.to }),
    who: whoIn(scene),
    form: {
      action: 'code',
      values: { grant_type: 'password', authType: factor.code, ...(name === undefined ? {} : { username: name }) },
      place: { at: 'code', factor: factor.id, ...(road === undefined ? {} : { sent: road }) },
      fields: [
        ...(name === undefined ? [signInField(scene)] : []),
        {
          name: 'password',
          kind: 'code',
          autocomplete: 'one-time-code',
          most: 64,
          label: say('OTP.input.otp.label', {}, factor.labels),
          missing: say('OTP.input.otp.missing', {}, factor.labels),
        },
      ],
      buttons: [{ label: say('submit_button'), primary: true }],
    },
    ways: [{ label: say('OOB.again'), place: { at: 'prove', factor: factor.id } }, ...otherWays(scene)],
  }
}

/** A phone was asked. Without scripts the button asks whether it answered; with them the page asks by itself. */
export function waitScreen(factor: Factor, scene: Scene): Screen {
  const { say, now } = scene
  const name = knownName(scene)
  return {
    title: say('PUSH.waiting'),
    lead: say('PUSH.waiting_lead'),
    waiting: { number: now.number, hint: say('PUSH.number') },
    form: {
      action: 'code',
      values: { grant_type: 'password', authType: factor.code, ...(name === undefined ? {} : { username: name }) },
      place: { at: 'wait', factor: factor.id },
      fields: [],
      buttons: [{ label: say('PUSH.answered'), primary: true }],
    },
    ways: otherWays(scene),
  }
}
