/**
 * A container: one registration of this app with one service, as the app's screens see it. Values are what the vault held when they
 * were last read; whatever asks the server first saves its counters. Offline containers show codes and nothing else.
 */
import type { CodeKey } from '@countersign/protocol/approve/codes.ts'
import type { PolicyDocument } from '@countersign/protocol/approve/policy-document.ts'
import type { DeviceChangeRequest, InboxAnswer, RequestAnswer, ScanVia } from '@countersign/protocol/approve/request.ts'

export type Unlocking = { readonly password?: string | undefined }

/** A request as it is shown and signed. `silent` holds only here when it came from the live camera. */
export type ApprovalRequest = RequestAnswer

/** What was decided on this device; newest first, 200 at most. */
export interface Decision {
  readonly id: string
  readonly purpose: 'logon' | 'action'
  readonly tds: string
  readonly client: string
  /** What the server took it for: a wrong number is a denial. */
  readonly status: string
  /** Seconds since 1970. */
  readonly at: number
}

export interface Code {
  readonly code: string
  /** Absent for codes that count events. */
  readonly validFor_seconds?: number
}

export interface DirectSignature extends Unlocking {
  readonly purpose: 'logon' | 'action'
  /** Free text, where the client may; or a template of the policy with its values. */
  readonly tds?: string | undefined
  readonly template?: string | undefined
  readonly values?: Readonly<Record<string, string>> | undefined
  /** A client id; without it the client that provisioned the device. */
  readonly client?: string | undefined
}

export interface DirectResult {
  readonly status: string
  readonly auth_req_id: string
  readonly id_token?: string
}

export type ContainerEvent =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'request'; readonly id: string }
  | { readonly kind: 'notice' }
  | { readonly kind: 'policy' }

export type WakeSubscription = NonNullable<DeviceChangeRequest['wake']>

export interface Container {
  readonly id: string
  readonly kind: 'online' | 'offline'
  /** The name of this device, as it was registered. */
  readonly name: string
  readonly serviceName: string
  /** `#rrggbb`. */
  readonly colour: string | undefined
  readonly user: string
  readonly tenant: string
  /** `host[:port]/tenant`; empty offline. */
  readonly service: string
  /** The id of the device at the server; empty offline. */
  readonly device: string
  /** Thumbprint of the approve root that is pinned; empty offline. */
  readonly root: string
  /** Seconds since 1970. */
  readonly createdAt: number
  /** Undefined offline. */
  readonly policy: PolicyDocument | undefined
  readonly keyProtection: 'browser' | 'file' | 'hardware'
  /** The keys of this container are locked by a password, so answers and codes need it. */
  readonly passwordProtected: boolean
  /** Milliseconds since 1970; in the past or undefined when no lock is on. */
  readonly lockedUntil_ms: number | undefined
  readonly status: 'active' | 'pending' | 'suspended'
  /** While pending: the six characters that both sides show. */
  readonly confirmationCode: string | undefined
  /** Why the keys should be renewed: their age, a policy that wants a password or another algorithm, a renewal that was cut off. */
  readonly renewalDue: 'age' | 'protection' | 'interrupted' | undefined
  /** Which codes it can show. */
  readonly codes: readonly CodeKey['use'][]
  readonly history: readonly Decision[]

  /** Asks the server how things stand: status and policy. */
  refresh(): Promise<void>
  inbox(): Promise<InboxAnswer>
  retrieve(id: string): Promise<ApprovalRequest>
  answer(
    request: ApprovalRequest,
    status: string,
    more?: Unlocking & { readonly number?: string | undefined },
  ): Promise<{ readonly status: string }>
  /** `text` is the JWS, or a link that ends with `#scan=JWS`. Read `silent` of the result: then sign without asking. */
  scan(text: string, via: ScanVia): Promise<ApprovalRequest>
  request(direct: DirectSignature): Promise<DirectResult>

  otp(unlocking?: Unlocking): Promise<Code>
  challenge(question: string, unlocking?: Unlocking): Promise<Code>
  sign(values: readonly string[], unlocking?: Unlocking): Promise<Code>

  rename(name: string): Promise<void>
  setWake(subscription: WakeSubscription | null): Promise<void>
  /** New keys, same device. The password is the one there is, or the first one when the policy now wants one. */
  renew(unlocking?: Unlocking): Promise<void>
  changePassword(old: string, fresh: string): Promise<void>
  /** Gone here at once. False when the server does not know it yet: `app.retryRemovals()` goes on. */
  remove(): Promise<boolean>
  /** Runs until the signal ends it or the device is gone; reconnects by itself. After `connected`, read the inbox. */
  events(listener: (event: ContainerEvent) => void, signal: AbortSignal): Promise<void>
}
