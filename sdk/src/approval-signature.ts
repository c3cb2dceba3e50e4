/**
 * Signs what was shown: the answer to a request (approve protocol, section 7) and signatures of the app's own (section 8). The counter of
 * transactions is saved before it is signed. What the server takes the answer for is what the history says.
 */
import { headerText, type Purpose, statementText } from '@countersign/protocol/approve/approval.ts'
import { algorithmOf } from '@countersign/protocol/approve/public-key.ts'
import {
  answerAnswer,
  directAnswer,
  filledTemplate,
  LONGEST_TDS,
  type RequestAnswer,
} from '@countersign/protocol/approve/request.ts'
import { randomBytes, toBase64url } from './bytes.ts'
import { signCompact } from './compact-jws.ts'
import type { Decision, DirectResult, DirectSignature, Unlocking } from './container.ts'
import { fitsPolicy } from './policy-fit.ts'
import { changeEntry, changeRegistration, heldRegistration, serverNow_seconds } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import { callFor } from './signed-call.ts'
import type { Around } from './surroundings.ts'
import { takeKey } from './vault/key-keeping.ts'
import { unlock } from './vault/password-lock.ts'

const HISTORY = 200
const HIGHEST_COUNTER = 1e15 - 1

type Answering = Unlocking & { readonly number?: string | undefined }

export async function answerRequest(
  around: Around,
  id: string,
  request: RequestAnswer,
  status: string,
  { number, password }: Answering,
): Promise<{ readonly status: string }> {
  if (!request.statuses.includes(status))
    throw new SdkError('invalid_value', `This request is answered by ${request.statuses.join(', ')}.`)
  const { policy } = await heldRegistration(around, id)
  const positive = policy.keys[request.purpose].statuses[0]
  const typed = request.number && status === positive ? typedNumber(number) : undefined
  const transaction = { purpose: request.purpose, transaction: request.id, ...(typed ? { number: typed } : {}) }
  const text = { status, tds: request.tds, floor: request.tx_floor }
  const jws = await signedApproval(around, id, request.purpose, transaction, text, password)
  const path = `/approve/v1/approvals/${encodeURIComponent(request.id)}/answer`
  const body = { jws, ...(request.scan === undefined ? {} : { scan: request.scan }) }
  const answer = await callFor(around, id, { method: 'POST', path, body, changes: true }, answerAnswer)
  const { purpose, tds, client } = request
  await remember(around, id, { id: request.id, purpose, tds, client: client.name, status: answer.status })
  return { status: answer.status }
}

function typedNumber(number: string | undefined): string {
  if (number === undefined || number === '') throw new SdkError('number_required')
  if (/^[0-9]{2}$/.test(number)) return number
  throw new SdkError('number_required', 'The number has two digits.')
}

export async function requestDirectly(around: Around, id: string, direct: DirectSignature): Promise<DirectResult> {
  const { policy } = await heldRegistration(around, id)
  const { purpose, template, values, client, password } = direct
  const tds = template === undefined ? (direct.tds ?? '') : filled(policy.templates, template, values ?? {})
  if (tds.trim() === '' || tds.length > LONGEST_TDS)
    throw new SdkError('invalid_value', `The text to sign has 1 to ${LONGEST_TDS} characters.`)
  const transaction = { purpose: 'dcs', kind: purpose, transaction: toBase64url(randomBytes(16)) } as const
  const status = policy.keys[purpose].statuses[0] ?? ''
  const jws = await signedApproval(around, id, purpose, transaction, { status, tds, floor: 0 }, password)
  const body = {
    purpose,
    jws,
    ...(template === undefined ? {} : { template, values: values ?? {} }),
    ...(client === undefined ? {} : { client }),
  }
  const call = { method: 'POST', path: '/approve/v1/requests', body, changes: true } as const
  const answer = await callFor(around, id, call, directAnswer)
  await remember(around, id, { id: answer.auth_req_id, purpose, tds, client: client ?? '', status: answer.status })
  const { auth_req_id, id_token } = answer
  return { status: answer.status, auth_req_id, ...(id_token === undefined ? {} : { id_token }) }
}

function filled(templates: Readonly<Record<string, string>>, name: string, values: Readonly<Record<string, string>>) {
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined
  if (template === undefined) {
    const known = Object.keys(templates).join(', ')
    throw new SdkError('invalid_value', `The service has no template ${name}.${known ? ` It has: ${known}.` : ''}`)
  }
  const text = filledTemplate(template, values)
  if (text === undefined) throw new SdkError('invalid_value', `The values do not fill "${template}".`)
  return text
}

async function signedApproval(
  around: Around,
  id: string,
  use: Purpose,
  about: { purpose: 'logon' | 'action' | 'dcs'; kind?: Purpose; transaction: string; number?: string },
  { status, tds, floor }: { status: string; tds: string; floor: number },
  password: string | undefined,
): Promise<string> {
  if (!fitsPolicy(await heldRegistration(around, id)))
    throw new SdkError(
      'renewal_required',
      'The service now wants other keys, or a password: renew those of this registration.',
    )
  const guard = await unlock(around.vault, id, password, around.now_ms())
  if (!Number.isSafeInteger(floor) || floor < 0 || floor >= HIGHEST_COUNTER) throw new SdkError('invalid_request')
  const held = await changeRegistration(around, id, one => ({
    ...one,
    tx_counter: Math.max(one.tx_counter, floor) + 1,
  }))
  const alg = algorithmOf(held.keys.public[use])
  const header = headerText({ typ: 'JWT', alg, ...about, tenant: held.tenant, device: held.device })
  const key = await takeKey(around.vault, held.keys, use, guard)
  return signCompact(key, alg, header, statementText({ status, tds, counter: held.tx_counter }))
}

async function remember(around: Around, id: string, decision: Omit<Decision, 'at'>): Promise<void> {
  const at = serverNow_seconds(around, await heldRegistration(around, id))
  await changeEntry(around, id, entry => ({
    ...entry,
    history: [{ ...decision, at }, ...entry.history].slice(0, HISTORY),
  }))
}
