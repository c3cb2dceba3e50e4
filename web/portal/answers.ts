/** What follows from an answer of `code`. The server decided; here it becomes the next screen, after a new look at the flow where that is it. */
import { actionOf, type Method, readFlow } from '@countersign/protocol/portal/flow.ts'
import { CHANGES, factorAt, firstPlace, type Place } from '@countersign/protocol/portal/place.ts'
import type { Notice } from '@countersign/protocol/portal/screen.ts'
import type { TextKey } from '@countersign/protocol/portal/texts-en.ts'
import type { Reply } from './calls.ts'
import type { Fields, Stage } from './stage.ts'

export async function answered(stage: Stage, place: Place, reply: Reply, fields: Fields): Promise<void> {
  noteExpiry(stage, place, reply)
  const { error } = reply.body
  const road = roadIn(fields.oob_method)
  if (reply.status === 200) await went(stage, place, reply, fields)
  else if (error === 'step_up_required')
    await next(stage, fields.oob_method === undefined ? undefined : stage.said('info', `sent.${road ?? 'any'}`))
  else if (error === 'consent_required') await next(stage)
  else if (error === 'authorization_pending') wait(stage, place, reply, fields)
  else if (error === 'access_denied' && reply.status === 400) await denied(stage, place, reply)
  else if (error === 'password_change_required') mustChange(stage, place, reply, fields)
  else if (error === 'password_not_allowed') stage.refuse(reply, place, keptIn(fields))
  else stage.refuse(reply, place)
}

/** Only the new password was wrong. */
const keptIn = ({ old_password = '', reset_code = '' }: Fields) => ({ old_password, reset_code })

async function went(stage: Stage, place: Place, { body }: Reply, fields: Fields): Promise<void> {
  const factor = 'factor' in place ? place.factor : ''
  const method = roadIn(body.sent ?? fields.oob_method ?? fields.method)
  const sent = method === undefined ? {} : { sent: method }
  switch (fields.grant_type) {
    case 'oob': {
      const to = typeof body.to === 'string' ? body.to : undefined
      stage.show({ at: 'code', factor, ...sent }, { sentTo: method && { method, to } })
      break
    }
    case 'password_reset_request':
      stage.show({ at: 'reset', factor, ...sent })
      break
    case 'password_reset':
      await again(stage, factor, 'action.reset_password.done')
      break
    case 'password_change':
      await again(stage, factor, 'action.change_password.done')
      break
    default:
      finish(stage)
  }
}

/** All is done; but who should change a password soon is told so first. */
export function finish(stage: Stage): void {
  const { expiry } = stage.state.get()
  if (expiry === undefined) stage.show({ at: 'end' })
  else stage.show({ at: 'expiring', factor: expiry.factor.id }, { expires_seconds: expiry.seconds }, expiry.flow)
}

/** A password is changed: who had signed in already goes on, all others sign in with the new one. */
async function again(stage: Stage, factor: string, key: TextKey): Promise<void> {
  const reply = await stage.calls.flow(stage.state.get().now.username)
  const flow = reply.status === 200 ? readFlow(reply.body) : stage.state.get().flow
  stage.state.change(old => ({ ...old, expiry: undefined }))
  const said = { notice: stage.said('success', key), expires_seconds: undefined }
  if (flow.step === 'first' && factorAt(flow, factor)) stage.show({ at: 'prove', factor }, said, flow)
  else stage.show(firstPlace(flow, stage.state.get().now.username), said, flow)
}

async function next(stage: Stage, notice?: Notice): Promise<void> {
  const { username } = stage.state.get().now
  const reply = await stage.calls.flow(username)
  if (reply.status !== 200) {
    stage.refuse(reply, stage.state.get().place)
    return
  }
  const flow = readFlow(reply.body)
  stage.show(firstPlace(flow, username), { notice, sharings: undefined, sentTo: undefined }, flow)
}

function wait(stage: Stage, place: Place, reply: Reply, asked: Fields): void {
  stage.state.change(old => ({ ...old, asked }))
  stage.show('factor' in place ? { at: 'wait', factor: place.factor } : place, { number: numberIn(reply) })
}

/** A no on the phone leaves other ways open, until the login is over. */
export async function denied(stage: Stage, place: Place, reply: Reply): Promise<void> {
  const flow = await stage.calls.flow(stage.state.get().now.username)
  const over = flow.status !== 200 || readFlow(flow.body).step === 'failed'
  if (over) stage.show({ at: 'over' }, { notice: stage.said('error', 'error.access_denied') })
  else stage.refuse(reply, place)
}

function mustChange(stage: Stage, place: Place, reply: Reply, fields: Fields): void {
  const { flow } = stage.state.get()
  const factor = 'factor' in place ? factorAt(flow, place.factor) : undefined
  const notice = stage.said('warning', 'action.change_password.required')
  if (factor === undefined || actionOf(flow, factor, CHANGES) === undefined) stage.refuse(reply, place)
  else stage.show({ at: 'change', factor: factor.id }, { notice, kept: { old_password: fields.password ?? '' } })
}

function noteExpiry(stage: Stage, place: Place, { body }: Reply): void {
  const { flow } = stage.state.get()
  const factor = 'factor' in place ? factorAt(flow, place.factor) : undefined
  const seconds = body.expires_in
  if (factor === undefined || typeof seconds !== 'number' || seconds > factor.warning_seconds) return
  stage.state.change(old => ({ ...old, expiry: { factor, flow, seconds } }))
}

const roadIn = (value: unknown): Method | undefined => (value === 'email' || value === 'sms' ? value : undefined)

/** What is typed on the phone. */
export function numberIn({ body: { number } }: Reply): string | undefined {
  return typeof number === 'string' || typeof number === 'number' ? String(number) : undefined
}
