/**
 * Screens for keys: a passkey, a card, and the enrolment of either. Their forms ask an authenticator or a reader before anything is sent, so
 * that a page without scripts says what is missing in their place.
 */
import type { Enrolment, Factor, KeyClass } from './flow.ts'
import { firstPlace } from './place.ts'
import { discoverable, knownName, otherWays, type Scene, signInField, userField, whoIn } from './scene.ts'
import type { Field, Form, FormButton, KeyAction, Screen, Way } from './screen.ts'

const LONGEST_PAIRING = 16

export function keyScreen(factor: Factor, type: KeyClass, scene: Scene): Screen {
  const { say } = scene
  const { id, code, labels, discovers } = factor
  const nameless = discovers && scene.flow.step === 'first'
  return {
    title: say(`${type}.name`, {}, labels),
    lead: say(`${type}.tooltip`, {}, labels),
    who: whoIn(scene),
    ...asked(type, type === 'FIDO' ? 'use passkey' : 'use card', scene, {
      values: { grant_type: 'password', authType: code },
      place: { at: 'prove', factor: id },
      fields: nameless || knownName(scene) !== undefined ? [] : [signInField(scene)],
    }),
    ways: scene.now.reader === 'waiting' ? [] : [...enrolWays(scene, type), ...otherWays(scene)],
  }
}

export function enrolScreen(enrolment: Enrolment, scene: Scene): Screen {
  const { say } = scene
  const { id, type, code } = enrolment
  const open = isOpen(enrolment, scene)
  const place = { at: 'enrol', enrolment: id } as const
  return {
    title: say(`${type}.enrol.title`),
    lead: say(open ? `${type}.enrol.lead` : 'enrol.protect'),
    who: whoIn(scene),
    ...(open
      ? asked(type, type === 'FIDO' ? 'enrol passkey' : 'enrol card', scene, {
          values: { authType: code, enroll_id: id },
          place,
          fields: [],
        })
      : { form: protectForm(enrolment, place, scene) }),
    ways: scene.now.reader === 'waiting' ? [] : [{ label: say('enrol.back'), place: back(scene) }],
  }
}

const back = (scene: Scene) => firstPlace(scene.flow, knownName(scene))

/** The server decides; here only which question comes first. */
function isOpen({ protection }: Enrolment, { flow, now }: Scene): boolean {
  if (protection === undefined) return true
  if (now.unprotected) return false
  return flow.protection === protection.id || (flow.step === 'second' && flow.provedCode === protection.code)
}

function protectForm({ protection }: Enrolment, place: Form['place'], scene: Scene): Form {
  const { say } = scene
  const name = knownName(scene)
  const otp = protection?.type === 'OTP'
  const secret = otp
    ? ({ kind: 'code', autocomplete: 'one-time-code', most: 64 } as const)
    : ({ kind: 'password', autocomplete: 'current-password', most: 512 } as const)
  const label = say(otp ? 'OTP.input.otp.label' : 'LOGIN.input.password.label')
  const missing = say(otp ? 'OTP.input.otp.missing' : 'LOGIN.input.password.missing')
  const values = { grant_type: 'password', authType: protection?.code ?? '' }
  return {
    action: 'enroll/code',
    values: name === undefined ? values : { ...values, username: name },
    place,
    fields: [...(name === undefined ? [userField(scene)] : []), { name: 'password', ...secret, label, missing }],
    buttons: [{ label: say('next_button'), primary: true }],
  }
}

type Asking = Pick<Form, 'values' | 'place' | 'fields'>

/** What asks the authenticator or the reader; what is missing for it, where something is. */
function asked(
  type: KeyClass,
  action: KeyAction,
  scene: Scene,
  form: Asking,
): Pick<Screen, 'form' | 'waiting' | 'lacks'> {
  const { say, now } = scene
  const lacks = say(`${type}.needs_scripts`)
  if (type === 'FIDO') {
    if (now.can?.passkeys === false) return { lacks: say('FIDO.unsupported') }
    const label = say(action === 'use passkey' ? 'FIDO.use' : 'FIDO.create')
    return { lacks, form: withName({ ...form, action, buttons: [{ label, primary: true }] }, scene) }
  }
  if (now.reader === 'waiting') return { lacks, waiting: { hint: say('CARD.hold') } }
  const pairing = now.reader === 'unpaired'
  const read: FormButton = { label: say(pairing ? 'CARD.pair' : 'CARD.read'), primary: true }
  const nfc: FormButton = { label: say('CARD.nfc'), primary: false, sends: { name: 'reader', value: 'nfc' } }
  const fields = [...form.fields, ...(pairing ? [pairingField(scene)] : [])]
  return {
    lacks,
    form: withName({ ...form, action, fields, buttons: [read, ...(now.can?.nfc ? [nfc] : [])] }, scene),
  }
}

function withName(form: Form, scene: Scene): Form {
  const name = knownName(scene)
  return name === undefined ? form : { ...form, values: { ...form.values, username: name } }
}

const pairingField = ({ say }: Scene): Field => ({
  name: 'pairing_code',
  label: say('CARD.pairing.label'),
  hint: say('CARD.pairing.hint'),
  kind: 'code',
  autocomplete: 'off',
  missing: say('CARD.pairing.missing'),
  most: LONGEST_PAIRING,
})

/** The ways to a key of one's own. Whoever they are for is asked there. */
export function enrolWays({ flow, say }: Scene, only?: KeyClass): Way[] {
  const { enrolments } = flow
  const several = (type: KeyClass) => enrolments.filter(one => one.type === type).length > 1
  return enrolments
    .filter(({ type, protection }) => {
      // Without a protection of its own it is for those who have begun to sign in.
      return (only === undefined || type === only) && (protection !== undefined || flow.step === 'second')
    })
    .map(({ id, type, code }) => ({
      label: several(type) ? say(`${type}.enrol.name_of`, { code }) : say(`${type}.enrol.name`),
      place: { at: 'enrol', enrolment: id },
    }))
}

/** A passkey that tells whose it is stands beside the field for a name. */
export function passkeyWays({ flow, say }: Scene): Way[] {
  const factor = discoverable(flow)
  return factor ? [{ label: say('FIDO.use_instead'), place: { at: 'prove', factor: factor.id } }] : []
}
