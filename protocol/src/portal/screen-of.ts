/** Which screen a place is. Pure; both renderers call it, so that a page with scripts and one without ask the same. */
import { actionOf, type Factor, factorsNow, type Method } from './flow.ts'
import { enrolScreen, enrolWays, keyScreen, passkeyWays } from './key-screens.ts'
import { changeScreen, forgotScreen, resetScreen } from './password-screens.ts'
import { CHANGES, enrolmentAt, factorAt, type Place, RESETS } from './place.ts'
import { proveScreen, sentScreen, waitScreen } from './prove-screens.ts'
import { type Scene, signInField, whoIn } from './scene.ts'
import type { Screen, Sharing, Way } from './screen.ts'
import { type Say, spanText } from './wording.ts'

export function screenOf(place: Place, scene: Scene): Screen {
  const enrolment = 'enrolment' in place ? enrolmentAt(scene.flow, place.enrolment) : undefined
  if (enrolment) return { notice: scene.now.notice, out: cancel(scene), ...enrolScreen(enrolment, scene) }
  const factor = 'factor' in place ? factorAt(scene.flow, place.factor) : undefined
  if (!('factor' in place) || factor === undefined) return plainScreen(place.at, scene)
  const screen = factorScreen(place, factor, scene)
  return { notice: scene.now.notice, out: cancel(scene), ...screen }
}

function factorScreen(place: Place & { sent?: Method }, factor: Factor, scene: Scene): Screen {
  switch (place.at) {
    case 'code':
      return sentScreen(factor, place.sent, scene)
    case 'wait':
      return waitScreen(factor, scene)
    case 'change':
      return changeScreen(factor, actionOf(scene.flow, factor, CHANGES)!, scene)
    case 'forgot':
      return forgotScreen(factor, actionOf(scene.flow, factor, RESETS)!, scene)
    case 'reset':
      return resetScreen(factor, actionOf(scene.flow, factor, RESETS)!, place.sent, scene)
    case 'expiring':
      return expiringScreen(factor, scene)
    default: {
      const { type } = factor
      return type === 'FIDO' || type === 'CARD' ? keyScreen(factor, type, scene) : proveScreen(factor, scene)
    }
  }
}

function plainScreen(at: Place['at'], scene: Scene): Screen {
  const { say, now } = scene
  const { client, notice } = now
  switch (at) {
    case 'name':
      return { ...nameScreen(scene), notice, out: cancel(scene) }
    case 'choose':
      return { ...chooseScreen(scene), notice, out: cancel(scene) }
    case 'consent':
      return { ...consentScreen(scene), notice }
    case 'end':
      return {
        title: say('end.title'),
        lead: say('end.lead'),
        ways: [{ label: say('go_on', { client }), place: { at: 'end' }, look: 'primary' }],
      }
    case 'over':
      return {
        title: say('over.title'),
        lead: say('over.lead', { client }),
        notice: notice ?? { tone: 'error', text: say('error.access_denied') },
        ways: [{ label: say('back_to_client', { client }), place: { at: 'end' }, look: 'primary' }],
      }
    default:
      return { ...nothingScreen(scene), notice, out: cancel(scene) }
  }
}

/** Whoever has no key yet may be allowed to make one. */
function nothingScreen(scene: Scene): Screen {
  const { say } = scene
  const ways = enrolWays(scene)
  return {
    title: say('nothing.title'),
    lead: say(ways.length > 0 ? 'nothing.enrol' : 'nothing.lead'),
    who: whoIn(scene),
    ways,
  }
}

const cancel = ({ say, now }: Scene): Screen['out'] =>
  now.expires_seconds !== undefined
    ? undefined
    : { label: say('back_to_client', { client: now.client }), kind: 'cancel' }

function nameScreen(scene: Scene): Screen {
  const { say, now } = scene
  return {
    title: say('application_title'),
    lead: say('for_client', { client: now.client }),
    form: {
      action: 'portal',
      values: {},
      place: { at: 'name' },
      fields: [signInField(scene)],
      buttons: [{ label: say('next_button'), primary: true }],
    },
    ways: [...passkeyWays(scene), ...enrolWays(scene)],
  }
}

function chooseScreen(scene: Scene): Screen {
  const { flow, say } = scene
  const second = flow.step === 'second'
  return {
    title: say(second ? 'second.title' : 'select_factor.label'),
    lead: second ? say('second.choose') : undefined,
    who: whoIn(scene),
    choices: factorsNow(flow).map(factor => factorWay(factor, say)),
    ways: enrolWays(scene),
  }
}

function factorWay({ id, type, labels }: Factor, say: Say): Way {
  return {
    label: say(`${type}.name`, {}, labels),
    hint: say(`${type}.tooltip`, {}, labels),
    place: { at: 'prove', factor: id },
  }
}

function expiringScreen(factor: Factor, { flow, say, now, language }: Scene): Screen {
  const changes = actionOf(flow, factor, CHANGES) !== undefined
  return {
    title: say('expiring.title'),
    lead: say('expiring.lead', { span: spanText(language, now.expires_seconds ?? 0) }),
    ways: [
      ...(changes
        ? [
            {
              label: say('action.change_password.name'),
              place: { at: 'change', factor: factor.id },
              look: 'primary',
            } as const,
          ]
        : []),
      { label: changes ? say('expiring.later') : say('go_on', { client: now.client }), place: { at: 'end' } },
    ],
  }
}

function consentScreen({ say, now }: Scene): Screen {
  const sharings = now.sharings ?? []
  const answer = (status: string) =>
    ({ name: 'sharings', value: JSON.stringify(sharings.map(({ scope }) => ({ scope, status, exp: -1 }))) }) as const
  return {
    title: say('consent.title', { client: now.client }),
    lead: say('consent.lead', { client: now.client }),
    sharings: sharings.map(one => ({ ...one, description: scopeText(one, say) })),
    form: {
      action: 'consent',
      values: {},
      place: { at: 'consent' },
      fields: [],
      buttons: [
        { label: say('consent.accept'), primary: true, sends: answer('accepted') },
        { label: say('consent.refuse'), primary: false, sends: answer('refused') },
      ],
    },
    ways: [],
  }
}

/** Scopes that are our own are said in the reader's language. */
function scopeText({ scope, description }: Sharing, say: Say): string {
  const key = OWN_SCOPES.find(one => one === scope)
  return key === undefined ? description : say(`scope.${key}`)
}

const OWN_SCOPES = ['openid', 'profile', 'email', 'phone', 'offline_access', 'hid-tx-sign'] as const
