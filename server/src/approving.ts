/**
 * Puts together what approves: the corridor's parts for the approve app, and the delivery of what the outbox holds. Beside
 * `corridors.ts`, because it knows delivery, which no corridor does.
 */

import type { ApproveNeeds } from '#approve/signed-call.ts'
import { findAppCaller } from '#authentication/app-caller.ts'
import { AppLifecycle } from '#authentication/app-lifecycle.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { Approvals } from '#authentication/approvals.ts'
import type { Budgets } from '#authentication/budgets.ts'
import type { ClientBook } from '#authentication/client-book.ts'
import { signDirectly } from '#authentication/direct-signature.ts'
import { Enrolments } from '#authentication/enrolments.ts'
import { Live } from '#authentication/live.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { noteOutcome } from '#authentication/parcel-outcome.ts'
import { parcelMakers } from '#authentication/parcels.ts'
import { PollPace } from '#authentication/poll-pace.ts'
import { PublicKeyBook } from '#authentication/public-key-book.ts'
import { collectRegistration } from '#authentication/registration-result.ts'
import { scannedRequest } from '#authentication/scan-text.ts'
import { Throttle } from '#authentication/throttle.ts'
import { Circuits } from '#delivery/circuits.ts'
import { DeliveryWorker } from '#delivery/worker.ts'
import { happeningFloor } from '#domain/ids.ts'
import type { InboxDoorway } from '#domain/parcel.ts'
import type { NamedIds } from '#domain/ports/named-ids.ts'
import { first, WHOLE_STORE } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Ground, GroundLog } from '#ground.ts'
import { openAppSecrets } from '#keys/app-secrets.ts'
import { approveSigner } from '#keys/approve-signer.ts'
import { KeyVerifier } from '#keys/verifier.ts'
import type { Settings } from '#settings/read.ts'
import { appQueries } from '#storage/app.ts'
import { approvalQueries } from '#storage/approval.ts'
import { authenticatorQueries } from '#storage/authenticator.ts'
import { count } from '#storage/counter.ts'
import { deviceQueries } from '#storage/device.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { provisionQueries } from '#storage/provision.ts'
import { tenantQueries } from '#storage/tenant.ts'

export interface Approving {
  readonly approvals: Approvals
  readonly enrolments: Enrolments
  readonly door: ApproveNeeds
  readonly live: Live
  readonly worker: DeliveryWorker
  collectRegistration(...[tenant, client, id, issuer]: CollectArguments): ReturnType<typeof collectRegistration>
}

type CollectArguments = Parameters<typeof collectRegistration> extends [unknown, ...infer Rest] ? Rest : never

interface Shared {
  readonly proving: AuthenticationNeeds
  readonly book: ClientBook
  readonly budgets: Budgets
  readonly ids: NamedIds
  findTenant(name: string): Promise<Tenant | undefined> | Tenant | undefined
  readonly riskHook: Settings['riskHook']
  /** Takes messages to people, of tenants without a gateway, in the demo. */
  readonly inbox: InboxDoorway | undefined
  /** The public origin, once it is known. */
  origin(): string
}

export function openApproving(ground: Ground, log: GroundLog, shared: Shared): Approving {
  const { store, clock, ecKeys, keyRing, random } = ground
  const { proving, book, budgets, ids } = shared
  const loadTenant = async (number: number) => {
    const row = await store.read(WHOLE_STORE, () => first(tenantQueries.tenantOf(number)))
    return row ? ((await shared.findTenant(row.name)) ?? undefined) : undefined
  }
  const live = new Live({ store, approvals: approvalQueries, floor: () => happeningFloor(clock.now()) })
  const needs: ApprovalNeeds = {
    ...proving,
    approvals: approvalQueries,
    apps: appQueries,
    provisions: provisionQueries,
    authenticators: authenticatorQueries,
    devices: deviceQueries,
    outbox: outboxQueries,
    ids,
    book,
    budgetBook: budgets,
    verifier: new KeyVerifier(),
    secrets: openAppSecrets(ground.storeKeys.inviteKey),
    publicKeys: new PublicKeyBook(),
    signer: approveSigner(ecKeys),
    tokens: ground.signingKeys,
    live,
    count,
    loadTenant,
    tellsRisk: shared.riskHook !== undefined,
    nudge: () => worker.nudge(),
  }
  const configurationOf = async (tenant: number) => (await loadTenant(tenant))?.configuration
  const worker = new DeliveryWorker({
    store,
    rows: outboxQueries,
    clock,
    random,
    log,
    loadSealer: tenant => keyRing.loadSealer(tenant),
    prepare: parcelMakers({ ...needs, origin: shared.origin, riskHook: shared.riskHook }),
    async callbackRules(tenant) {
      const rules = (await configurationOf(tenant))?.callbacks
      return rules ?? { code: 'CALLBACKS', allowedRanges: [], unregisteredLoopback: false }
    },
    async vapid(tenant) {
      const { privateKey, point } = await ecKeys.load(tenant, 'vapid')
      return { privateKey, publicKey: point }
    },
    gateway: async tenant => (await configurationOf(tenant))?.gateways.find(({ type }) => type === 'WEB_PUSH'),
    messages: {
      circuits: new Circuits(),
      mailGateways: async tenant => (await configurationOf(tenant))?.mailGateways ?? [],
      smsGateways: async tenant => (await configurationOf(tenant))?.smsGateways ?? [],
      loadSealer: tenant => keyRing.loadSealer(tenant),
      inbox: shared.inbox,
    },
    onOutcome: (row, { name }) => noteOutcome(needs, row, name),
  })
  const approvals = new Approvals(needs)
  const pace = new PollPace()
  return {
    approvals,
    enrolments: new Enrolments(needs, new Throttle(clock)),
    live,
    worker,
    collectRegistration: (...given) => collectRegistration({ ...needs, pace }, ...given),
    door: {
      approvals,
      lifecycle: new AppLifecycle(needs),
      live,
      clock,
      findCaller: (tenant, authorization, received) => findAppCaller(needs, tenant, authorization, received),
      scanned: (tenant, jwt) => scannedRequest(needs, tenant, jwt),
      signDirectly: (tenant, caller, request) => signDirectly(needs, tenant, caller, request),
    },
  }
}
