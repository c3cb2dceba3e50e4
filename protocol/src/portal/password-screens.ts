/** Screens that change a password: known, expired, or forgotten. None of them signs in; the person does that afterwards. */
import type { Action, Factor, Method } from './flow.ts'
import { numberIn, type RuleName, rangeOf, rulesIn } from './rules.ts'
import { knownName, type Scene, userField, whoIn } from './scene.ts'
import type { Field, Form, Screen, ShownRule, Way } from './screen.ts'
import type { Say } from './wording.ts'

const LONGEST = 128

export function changeScreen(factor: Factor, action: Action, scene: Scene): Screen {
  const { say, now } = scene
  const name = knownName(scene)
  const signedIn = now.expires_seconds !== undefined
  return {
    title: say('action.change_password.title'),
    lead: say('action.change_password.tooltip'),
    who: whoIn(scene),
    form: {
      action: 'code',
      values: named({ grant_type: 'password_change', action_id: action.id, authType: factor.code }, name),
      place: { at: 'change', factor: factor.id },
      after: { at: 'prove', factor: factor.id },
      fields: [
        ...(name === undefined ? [userField(scene)] : []),
        {
          name: 'old_password',
          label: say('action.change_password.input.old_password.label', {}, factor.labels),
          kind: 'password',
          autocomplete: 'current-password',
          missing: say('LOGIN.input.password.missing'),
          most: 512,
          value: now.kept?.old_password,
        },
        newPassword(say),
      ],
      rules: rulesOf(factor, scene),
      buttons: [{ label: say('action.change_password.name'), primary: true }],
    },
    ways: signedIn ? [{ label: say('expiring.later'), place: { at: 'end' } }] : [backWay(factor, say)],
  }
}

export function forgotScreen(factor: Factor, action: Action, scene: Scene): Screen {
  const { say } = scene
  const name = knownName(scene)
  const buttons = action.methods.map((method, at) => ({
    label: say(`OOB.send.${method}`),
    primary: at === 0,
    sends: { name: 'method', value: method } as const,
  }))
  return {
    title: say('action.forgot_password.title'),
    lead: say('action.forgot_password.tooltip'),
    who: whoIn(scene),
    form: {
      action: 'code',
      values: named({ grant_type: 'password_reset_request', action_id: action.id, authType: factor.code }, name),
      place: { at: 'forgot', factor: factor.id },
      after: { at: 'reset', factor: factor.id },
      fields: name === undefined ? [userField(scene)] : [],
      buttons: buttons.length > 0 ? buttons : [{ label: say('OOB.send.any'), primary: true }],
    },
    ways: [
      { label: say('action.forgot_password.have_code'), place: { at: 'reset', factor: factor.id } },
      backWay(factor, say),
    ],
  }
}

export function resetScreen(factor: Factor, action: Action, sent: Method | undefined, scene: Scene): Screen {
  const { say, now } = scene
  const name = knownName(scene)
  const told = name !== undefined && sent !== undefined
  return {
    title: say('action.reset_password.title'),
    lead: told ? say(`action.reset_password.sent.${sent}`, { user: name }) : say('action.reset_password.tooltip'),
    who: whoIn(scene),
    form: {
      action: 'code',
      values: named({ grant_type: 'password_reset', action_id: action.next ?? action.id, authType: factor.code }, name),
      place: { at: 'reset', factor: factor.id, ...(sent === undefined ? {} : { sent }) },
      after: { at: 'prove', factor: factor.id },
      fields: [
        ...(name === undefined ? [userField(scene)] : []),
        {
          name: 'reset_code',
          label: say('action.reset_password.input.code.label'),
          kind: 'code',
          autocomplete: 'one-time-code',
          missing: say('action.reset_password.input.code.missing'),
          most: 64,
          value: now.kept?.reset_code,
        },
        newPassword(say),
      ],
      rules: rulesOf(factor, scene),
      buttons: [{ label: say('action.reset_password.submit'), primary: true }],
    },
    ways: [{ label: say('OOB.again'), place: { at: 'forgot', factor: factor.id } }, backWay(factor, say)],
  }
}

const named = (values: Record<string, string>, name: string | undefined) =>
  name === undefined ? values : { ...values, username: name }

const backWay = (factor: Factor, say: Say): Way => ({
  label: say('cancel_button'),
  place: { at: 'prove', factor: factor.id },
})

export const newPassword = (say: Say): Field => ({
  name: 'new_password',
  label: say('action.change_password.input.new_password.label'),
  kind: 'password',
  autocomplete: 'new-password',
  missing: say('action.change_password.input.new_password.missing'),
  most: LONGEST,
})

function rulesOf({ constraints }: Factor, { say, now }: Scene): Form['rules'] {
  const shown = rulesIn(constraints).map((name): ShownRule => {
    const text = ruleText(name, constraints, say)
    return { name, text, broken: now.broken?.includes(name) === true }
  })
  return shown.length === 0 ? undefined : { constraints, shown }
}

export function ruleText(name: RuleName, constraints: Factor['constraints'], say: Say): string {
  if (name === 'characterRange') return say(`rule.${rangeOf(constraints) ?? 'onlyAlphaNum'}`)
  return say(`rule.${name}`, { count: String(numberIn(constraints, name)) })
}
