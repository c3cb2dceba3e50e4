/** Ways through the workflow that do not exist, or are not what they seem to be. */
import { findCriteria, isUpon, secondFactorsAfter } from '#workflow/criteria.ts'
import type { FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { type Finding, quoted } from '#workflow/finding.ts'
import { below } from '#workflow/pointer.ts'
import type { Workflow } from '#workflow/workflow.ts'

export function* lintPaths(workflow: Workflow): Generator<Finding> {
  if (workflow.firstFactors.length === 0)
    yield {
      code: 'no_first_factor',
      at: '/payload/firstFactors',
      sentence: 'There is no first factor, so nobody can sign in.',
      next: 'Add at least one entry to firstFactors.',
    }
  for (const [n, first] of workflow.firstFactors.entries()) {
    yield* first.upon.slice(0, 1).map(uponOnFirst(first))
    yield* policyTwice(first, workflow.firstFactors.slice(0, n))
    yield* stepUpToNothing(workflow, first)
    if (first.class === 'OOB') yield oobFirst(first)
    if (first.class === 'CARD' && first.stepUp === 'notRequired') yield cardAlone(first)
    if (first.class === 'CODE') yield* codeThenOtp(workflow, first)
  }
  for (const second of workflow.secondFactors) yield* unreachable(workflow, second)
  for (const second of workflow.secondFactors) yield* sameProofTwice(workflow, second)
  for (const { at, push } of [...workflow.firstFactors, ...workflow.secondFactors]) {
    const { pollInterval_seconds: interval = 0, pollTimeout_seconds: timeout } = push
    if (timeout === undefined || interval < timeout) continue
    yield {
      code: 'poll_never_repeats',
      at: below(at, 'pollInterval'),
      sentence: `The page asks every ${interval} seconds and gives up after ${timeout}, so it asks once.`,
      next: 'Make pollInterval (seconds between two questions) smaller than pollTimeout (seconds in all).',
    }
  }
}

const uponOnFirst =
  ({ at }: FirstFactor) =>
  (): Finding => ({
    code: 'upon_on_first_factor',
    at: below(at, 'upon'),
    sentence: 'A first factor comes after none; here upon is passed over.',
    next: 'Take upon away, or move the factor to secondFactors.',
  })

/** A login names the policy, not the factor: of two entries for one policy the weaker step-up could be had. */
function* policyTwice(first: FirstFactor, before: readonly FirstFactor[]): Generator<Finding> {
  const other = before.find(({ code }) => code === first.code)
  if (!other) return
  yield {
    code: 'policy_twice',
    at: below(first.at, 'code'),
    sentence: `${quoted(first.code)} is the policy of ${quoted(other.id)} too, and an answer names the policy only.`,
    next: 'Keep one first factor for each policy.',
  }
}

/** Everybody's seconds: judged as if the person had all of them. */
const everything = (workflow: Workflow) => new Set(workflow.secondFactors.map(({ code }) => code))

function* stepUpToNothing(workflow: Workflow, first: FirstFactor): Generator<Finding> {
  if (first.stepUp === 'notRequired') return
  if (secondFactorsAfter(workflow, first, everything(workflow)).length > 0) return
  const dead = first.stepUp === 'required'
  yield {
    code: 'step_up_without_second_factor',
    at: first.stepUpAt,
    sentence: `No second factor follows ${quoted(first.id)}, so ${dead ? 'whoever begins with it never gets in' : 'one is never asked for'}.`,
    next: 'Add a second factor whose upon names it, or say notRequired.',
  }
}

function* unreachable(workflow: Workflow, second: SecondFactor): Generator<Finding> {
  if (findCriteria(workflow, second.criteria) === undefined) return // told as unknown_criteria
  const before = workflow.firstFactors.filter(first => isUpon(second, first))
  if (before.some(({ stepUp, criteria }) => stepUp !== 'notRequired' && findCriteria(workflow, criteria))) return
  const asked = before.length === 0 ? 'no first factor stands before it' : 'no first factor before it asks for a second'
  yield {
    code: 'second_factor_unreachable',
    at: second.upon === undefined ? second.at : below(second.at, 'upon'),
    sentence: `${quoted(second.id)} is never reached: ${asked}.`,
    next: 'Let upon name a first factor whose stepUp is required or automatic.',
  }
}

function* sameProofTwice(workflow: Workflow, second: SecondFactor): Generator<Finding> {
  const first = workflow.firstFactors.find(
    one =>
      one.code === second.code && one.class === second.class && one.stepUp !== 'notRequired' && isUpon(second, one),
  )
  if (!first) return
  yield {
    code: 'same_proof_twice',
    at: below(second.at, 'code'),
    sentence: `${quoted(second.id)} asks once more for what ${quoted(first.id)} has proved.`,
    next: 'Name another policy here.',
  }
}

function oobFirst({ at, id }: FirstFactor): Finding {
  return {
    code: 'oob_first',
    at,
    sentence: `${quoted(id)} sends a message to whoever is named, before anything is proved.`,
    next: 'Let a password or an activation code (class CODE) come first.',
  }
}

/** The one thing that can be held up by whoever found it: no PIN is asked for, and some cards only tell a number. */
function cardAlone({ stepUpAt, id }: FirstFactor): Finding {
  return {
    code: 'card_alone',
    at: stepUpAt,
    sentence: `Whoever holds the card of ${quoted(id)} is signed in; nothing else is asked for.`,
    next: 'Say stepUp required and add a second factor, or leave it if that is meant.',
  }
}

/** An activation code orders a one-time code of the same policy, which is to be proved next. */
function* codeThenOtp(workflow: Workflow, first: FirstFactor): Generator<Finding> {
  const following = first.stepUp === 'notRequired' ? [] : workflow.secondFactors.filter(second => isUpon(second, first))
  const otps = following.filter(second => second.class === 'OTP')
  if (otps.length === 0)
    yield {
      code: 'code_without_otp',
      at: first.at,
      sentence: `The code that ${quoted(first.id)} has sent is asked for nowhere.`,
      next: 'Say stepUp required, and add a second factor of class OTP and the same policy whose upon names it.',
    }
  for (const otp of otps.filter(({ code }) => code !== first.code))
    yield {
      code: 'code_policy_differs',
      at: below(otp.at, 'code'),
      sentence: `The code is sent under ${quoted(first.code)} and asked for under ${quoted(otp.code)}, so none fits.`,
      next: `Give both factors the same policy.`,
    }
}
