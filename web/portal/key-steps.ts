/**
 * Steps that ask an authenticator before the server: a passkey that signs in, one that is enrolled, and what protects an enrolment. The
 * server asks for a challenge's answer; whatever it makes of it is shown like any other answer.
 */
import { factorsNow, type KeyClass, readFlow } from '@countersign/protocol/portal/flow.ts'
import { firstPlace, type Place } from '@countersign/protocol/portal/place.ts'
import type { Form } from '@countersign/protocol/portal/screen.ts'
import { answered, denied } from './answers.ts'
import type { Reply } from './calls.ts'
import type { Passkeys } from './passkeys.ts'
import type { Fields, Stage } from './stage.ts'

export async function usePasskey(stage: Stage, passkeys: Passkeys, { place }: Form, fields: Fields): Promise<void> {
  const named = { authType: fields.authType ?? '', ...nameIn(fields) }
  const options = await stage.calls.code({ ...named, grant_type: 'fido_challenge' })
  if (options.status !== 200) return refused(stage, options, place)
  const outcome = await passkeys.get(options.body)
  if ('failed' in outcome) {
    const key = outcome.failed === 'ended' ? 'FIDO.ended' : 'FIDO.failed'
    stage.show(place, { notice: stage.said('error', key) })
  } else await provePasskey(stage, place, named, outcome.made)
}

export async function provePasskey(stage: Stage, place: Place, named: Fields, assertion: object): Promise<void> {
  const fields = { ...named, grant_type: 'password', password: JSON.stringify(assertion) }
  await answered(stage, place, await stage.calls.code(fields), fields)
}

export async function enrolPasskey(stage: Stage, passkeys: Passkeys, { place }: Form, fields: Fields): Promise<void> {
  const { authType = '', enroll_id = '' } = fields
  const meant = { authType, enroll_id, ...nameIn(fields) }
  const options = await stage.calls.enrol('fido', { ...meant, enroll_step: 'getcredentialoptions' })
  if (options.status !== 200) return refused(stage, options, place)
  const outcome = await passkeys.create(options.body.publicKeyCredentialOptions as object)
  if ('failed' in outcome) {
    const key = ({ ended: 'FIDO.enrol.ended', known: 'refused.known', broken: 'FIDO.enrol.failed' } as const)[
      outcome.failed
    ]
    stage.show(place, { notice: stage.said('error', key) })
    return
  }
  const made = { ...meant, enroll_step: 'registercredential', credential: outcome.made }
  await enrolled(stage, 'FIDO', place, await stage.calls.enrol('fido', made))
}

/** A key that was just enrolled is the next thing to sign in with. */
export async function enrolled(stage: Stage, type: KeyClass, place: Place, reply: Reply): Promise<void> {
  if (reply.status !== 200) return refused(stage, reply, place)
  const { username } = stage.state.get().now
  const answer = await stage.calls.flow(username)
  if (answer.status !== 200) return stage.refuse(answer, place)
  const flow = readFlow(answer.body)
  const factor = factorsNow(flow).find(one => one.type === type)
  const notice = stage.said('success', `${type}.enrol.done`)
  stage.show(factor ? { at: 'prove', factor: factor.id } : firstPlace(flow, username), { notice }, flow)
}

/** What protects an enrolment is proved; the same place then shows how it goes on. */
export async function protect(stage: Stage, { place }: Form, fields: Fields): Promise<void> {
  const reply = await stage.calls.enrolCode(fields)
  if (reply.status !== 200) return refused(stage, reply, place)
  const flow = await stage.calls.flow(stage.state.get().now.username)
  if (flow.status === 200) stage.show(place, { unprotected: false }, readFlow(flow.body))
  else stage.refuse(flow, place)
}

/** Of a key; a protection that is not fresh any more is asked for again. */
export async function refused(stage: Stage, reply: Reply, place: Place): Promise<void> {
  const { error, reason } = reply.body
  if (error === 'access_denied' && reply.status === 400) await denied(stage, place, reply)
  else stage.refuse(reply, place, undefined, reason === 'protection_needed' ? { unprotected: true } : {})
}

const nameIn = ({ username }: Fields): Fields => (username === undefined ? {} : { username })
