/**
 * Approvals, as doors use them: a client opens one, a device is shown it and answers, the client fetches what came of it. Each step
 * is one unit; what must be loaded, signed or told stands around it.
 */
import type { InboxAnswer, RequestAnswer } from '@countersign/protocol/approve/request.ts'
import type { AppCaller } from '#authentication/app-caller.ts'
import { answerApproval, type Reply } from '#authentication/approval-answer.ts'
import { askOf, letOut, madeBody, makeResult, usedRequest } from '#authentication/approval-collect.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { type Opened, type Opening, openApproval } from '#authentication/approval-open.ts'
import { openUserless, type UserlessOpening } from '#authentication/approval-open-userless.ts'
import type { ResultBody } from '#authentication/approval-result.ts'
import { showApproval } from '#authentication/approval-show.ts'
import { bodyOf } from '#authentication/approval-view.ts'
import type { Budget } from '#authentication/budgets.ts'
import { type KnownClient, UnknownClient } from '#authentication/client-book.ts'
import { PollPace } from '#authentication/poll-pace.ts'
import { scanText } from '#authentication/scan-text.ts'
import type { ApprovalBody } from '#domain/approval.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import { happenedAt, idOf } from '#domain/ids.ts'
import type { OutboxTrace } from '#domain/ports/outbox-queries.ts'
import { first, rowsOf, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** How often what a unit lacked is loaded: a client, a newer tenant, the client as that one knows it. */
const MOST_LOADS = 5
const OF_CLIENT: Budget = { name: 'push_requests', limit: 6000, period_ms: 60_000 }

/** What no handle is costs what a stranger's costs (security.md C7). */
const NOBODYS = { rowId: 0, proof: new Uint8Array(32) }

export interface Handed {
  /** `auth_req_id` */
  readonly handle: string
  readonly id: number
  /** Of a request that names nobody: the text of its QR code. */
  readonly scan: string | undefined
}

interface Made {
  readonly id: number
  readonly proof: Uint8Array
  readonly body: ApprovalBody
}

export class Approvals {
  readonly #needs: ApprovalNeeds
  readonly #pace = new PollPace()

  constructor(needs: ApprovalNeeds) {
    this.#needs = needs
  }

  async open(tenant: Tenant, opening: Opening): Promise<Handed> {
    const { handle, opened } = await this.#opened(tenant, opening, (current, made) =>
      openApproval(this.#needs, current, { ...opening, body: made.body }, made),
    )
    const { device, id, news } = opened
    if (device !== null) this.#needs.live.tell(tenant.number, device, { event: 'request', data: { id: String(id) } })
    if (news) this.#needs.nudge()
    return { handle, id, scan: undefined }
  }

  async openUserless(tenant: Tenant, opening: UserlessOpening): Promise<Handed> {
    const { handle, opened } = await this.#opened(tenant, opening, (current, made) =>
      openUserless(this.#needs, current, { ...opening, body: made.body }, made),
    )
    return { handle, id: opened.id, scan: await this.#scanOf(tenant, opened.id) }
  }

  async #opened(
    tenant: Tenant,
    { client, body }: Pick<Opening, 'client' | 'body'>,
    unit: (tenant: Tenant, made: Made) => Unit<Opened | Refusal | typeof STALE>,
  ) {
    const { budgetBook, happenings, handles } = this.#needs
    if (!(await budgetBook.spend(tenant.number, OF_CLIENT, client.clientId))) {
      throw new Refusal('too_many_requests', 'This client asks too much.', { retryAfter_seconds: 60 })
    }
    const id = happenings.next()
    const { text, proof } = handles.make('auth_req_id', id)
    // Whoever is called back is told which request it was, and the row keeps only the handle's proof.
    const made = { id, proof, body: body.notifyToken === undefined ? body : { ...body, requestId: text } }
    const opened = await this.#decide(tenant, client.clientId, current => unit(current, made))
    return { handle: text, opened }
  }

  async inbox(tenant: Tenant, { row }: AppCaller): Promise<Omit<InboxAnswer, 'server_time'>> {
    const { store, approvals, apps, clock } = this.#needs
    const [requests, notices] = await store.read(tenant.number, () =>
      together(approvals.inbox(tenant.number, row.device, clock.now()), apps.notices(tenant.number, row.device)),
    )
    return {
      requests: requests.map(({ id, purpose, createdAt, expiresAt }) => ({
        id: String(id),
        purpose,
        created_at: seconds(createdAt),
        expires_at: seconds(expiresAt),
      })),
      notices: notices.map(({ id, kind, text }) => ({ id: String(id), kind, text, at: seconds(happenedAt(id)) })),
      policy_version: tenant.version,
    }
  }

  /** Reads only; who may not have it is told so. */
  async show(tenant: Tenant, caller: AppCaller, id: number, scanned = false): Promise<RequestAnswer> {
    const { store, book, reload } = this.#needs
    let current = tenant
    let client: string | undefined
    for (let tries = 1; tries <= MOST_LOADS; tries++) {
      if (client !== undefined) await book.load(current, client)
      const shown = await store.read(tenant.number, () => showApproval(this.#needs, current, caller, id, scanned))
      if (shown instanceof Refusal) throw shown
      if (shown instanceof UnknownClient) client = shown.clientId
      else if (shown === STALE) current = await reload(current)
      else return shown
    }
    throw new Refusal('temporarily_unavailable')
  }

  async answer(tenant: Tenant, caller: AppCaller, id: number, jws: string, scanned = false): Promise<Reply> {
    const { book, nudge } = this.#needs
    let client: string | undefined
    for (let tries = 1; tries <= MOST_LOADS; tries++) {
      const reply = await decide<Reply | Refusal | UnknownClient>(
        this.#needs,
        tenant,
        current => answerApproval(this.#needs, current, caller, id, jws, scanned),
        async current => client !== undefined && book.load(current, client),
      )
      if (reply instanceof Refusal) throw reply
      if (reply instanceof UnknownClient) client = reply.clientId
      else {
        if (reply.news) nudge()
        return reply
      }
    }
    throw new Refusal('temporarily_unavailable')
  }

  /** The result for its client; throws `authorization_pending`, `slow_down` and the other errors of CIBA Core section 11. */
  async collect(tenant: Tenant, client: KnownClient, handle: string): Promise<ResultBody> {
    const { store, approvals, handles, outbox, clock } = this.#needs
    const read = handles.read('auth_req_id', handle) ?? NOBODYS
    const standing = await store.read(tenant.number, () => first(approvals.standing(tenant.number, read.rowId, 0)))
    const ask = askOf(this.#needs, standing, client, read.proof)
    if (ask.kind === 'refused') throw ask.refusal
    if (ask.kind === 'pending')
      throw await this.#pending(tenant, read.rowId, clock.now(), ask.standing.forDevice === null)
    if (ask.kind === 'ready') {
      const result = await makeResult(this.#needs, tenant, ask.standing, client, handle)
      return this.#decide(tenant, client.clientId, current => letOut(this.#needs, current, read.rowId, result))
    }
    // Made for a callback and not delivered yet: the very same, and the callback is called off.
    const made = await store.write(tenant.number, function* () {
      const row = yield* first(outbox.about(tenant.number, 'result', read.rowId))
      if (!row?.body || row.state === 'DONE') return undefined
      yield [outbox.finish(tenant.number, row.id, clock.now())]
      return { id: row.id, body: row.body }
    })
    const body = made && madeBody(tenant, made)
    if (!body) throw usedRequest()
    return body
  }

  /** With a fresh QR text for a request that anybody may still scan. */
  async #pending(tenant: Tenant, id: number, now: number, open: boolean): Promise<Refusal> {
    if (!this.#pace.asked(id, now)) return new Refusal('slow_down')
    if (!open) return new Refusal('authorization_pending')
    return new Refusal('authorization_pending', undefined, { members: { txid: await this.#scanOf(tenant, id) } })
  }

  /** `ciba_delete`: the client takes its request back. */
  async remove(tenant: Tenant, client: KnownClient, handle: string): Promise<void> {
    const { store, approvals, handles, recorder } = this.#needs
    const read = handles.read('auth_req_id', handle)
    if (!read) throw usedRequest()
    const refusal = await store.write(tenant.number, function* () {
      const standing = yield* first(approvals.standing(tenant.number, read.rowId, 0))
      const own = standing?.client === client.clientId && handles.sameProof(standing.proof, read.proof)
      if (!own || !(yield* first(approvals.remove(tenant.number, read.rowId)))) return usedRequest()
      yield recorder.record(tenant.number, {
        action: 'deleteAuthenticationRequest',
        result: 'SUCCESS',
        actor: { kind: 'client', id: client.clientId },
        ...(standing.forUser === null ? {} : { user: standing.forUser }),
        parameters: { ATC: standing.policy, TEXT1: String(read.rowId) },
      }).queries
      return undefined
    })
    if (refusal) throw refusal
  }

  /** What was tried to tell of a request or a registration, for the client that asked; the newest first. */
  async deliveries(tenant: Tenant, client: KnownClient, handle: string): Promise<readonly OutboxTrace[]> {
    const { store, outbox } = this.#needs
    const id = await this.#subjectOf(tenant, client, handle)
    if (id === undefined) throw usedRequest()
    return store.read(tenant.number, () => rowsOf(outbox.traceOf(tenant.number, id)))
  }

  /** What an auth_req_id of this client stands for: a request, or for a registration the provision. */
  async #subjectOf(tenant: Tenant, { clientId }: KnownClient, handle: string): Promise<number | undefined> {
    const { store, approvals, provisions, handles } = this.#needs
    const provision = idOf(handle)
    if (provision !== undefined) {
      const row = await store.read(tenant.number, () => first(provisions.registration(tenant.number, provision)))
      return row?.client === clientId ? provision : undefined
    }
    const read = handles.read('auth_req_id', handle)
    if (!read) return undefined
    const row = await store.read(tenant.number, () => first(approvals.standing(tenant.number, read.rowId, 0)))
    const own = row?.client === clientId && handles.sameProof(row.proof, read.proof)
    return own ? read.rowId : undefined
  }

  async #scanOf(tenant: Tenant, id: number): Promise<string> {
    const { store, approvals } = this.#needs
    const standing = await store.read(tenant.number, () => first(approvals.standing(tenant.number, id, 0)))
    if (!standing) throw new Refusal('not_found')
    return scanText(this.#needs, tenant, standing, bodyOf(tenant, standing))
  }

  async #decide<T>(
    tenant: Tenant,
    clientId: string,
    unit: (tenant: Tenant) => Unit<T | Refusal | typeof STALE>,
  ): Promise<T> {
    const { book } = this.#needs
    const answer = await decide<T | Refusal>(this.#needs, tenant, unit, current => book.load(current, clientId))
    if (answer instanceof Refusal) throw answer
    return answer
  }
}

const seconds = (ms: number) => Math.floor(ms / 1000)
