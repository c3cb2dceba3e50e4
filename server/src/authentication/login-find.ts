/**
 * A login found by its request_uri: its row opened, its client and its workflow beside it. Whoever shows another uri, one of a login
 * that is over, or the very same after its end, gets `invalid_request_uri`. RFC 9126 section 4; security.md P2: used up at its end, not at a visit.
 */
import { asProved } from '#authentication/card-applications.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import type { TenantNumber, UserId } from '#domain/ids.ts'
import type { AuthorizationRequest, LoginProgress } from '#domain/login.ts'
import type { HeldLogin, LoginChange, LoginWithPerson, PersonRow } from '#domain/ports/login-queries.ts'
import { first, rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Owned } from '#workflow/criteria.ts'
import type { Workflow } from '#workflow/workflow.ts'

export interface Login {
  /** As it is now. */
  readonly tenant: Tenant
  readonly row: HeldLogin
  readonly request: AuthorizationRequest
  readonly progress: LoginProgress
  readonly client: KnownClient
  /** Undefined: the client's workflow is gone; nobody signs in by it. */
  readonly workflow: Workflow | undefined
}

/** Who is meant, and what he owns; nobody, who owns nothing, for a name that nobody has. */
export interface Person {
  readonly id: UserId
  readonly externalId: string
  readonly owned: Owned
}

/** A login, and whom its call means. */
export interface Found {
  readonly login: Login
  readonly person: Person | undefined
  /** What the call says, or else who proved himself, or else whom the client meant. */
  readonly name: string | undefined
}

const MOST_LOADS = 5
/** What no request_uri is costs what a stranger's costs. */
const NOBODYS = { rowId: 0, proof: new Uint8Array(32) }

export async function findLogin(
  needs: LoginNeeds,
  tenant: Tenant,
  requestUri: string,
  given: string | undefined,
): Promise<Found> {
  const { store, handles, book, clock, reload, workflows } = needs
  const read = handles.read('request_uri', requestUri) ?? NOBODYS
  let current = tenant
  for (let tries = 1; tries <= MOST_LOADS; tries++) {
    const seen = await store.read(current.number, () => rowAndPerson(needs, current.number, read, given))
    if (!seen) throw new Refusal('invalid_request_uri')
    const { row, request, progress, person, name } = seen
    if (row.state !== 'OPEN' || clock.now() >= row.expiresAt) throw new Refusal('invalid_request_uri')
    if (row.version > current.version) {
      current = await reload(current)
      continue
    }
    const client = await book.load(current, row.client)
    if (!client || client.obstacle !== undefined) throw new Refusal('invalid_request_uri')
    const pinned = await workflows.pinned(current, client.document.workflowId, row.workflow)
    const workflow = pinned && asProved(pinned, current.configuration)
    const login: Login = { tenant: current, row, request, progress, client, workflow }
    return { login, person, name }
  }
  throw new Refusal('temporarily_unavailable')
}

/** Undefined for what is no login, and for a uri that is not its own. */
function* rowAndPerson(
  { logins, handles }: LoginNeeds,
  tenant: TenantNumber,
  read: { readonly rowId: number; readonly proof: Uint8Array },
  given: string | undefined,
) {
  const row = yield* first(logins.loginWithPerson(tenant, read.rowId, given))
  if (!row || !handles.sameProof(row.proof, read.proof)) return undefined
  const request = JSON.parse(row.request) as AuthorizationRequest
  const progress = JSON.parse(row.progress) as LoginProgress
  const said = given ?? progress.user?.name
  if (said !== undefined || request.loginHint === undefined)
    return { row, request, progress, person: personBeside(row), name: said }
  // Nobody has proved himself and the call names nobody: the client did.
  const hinted = yield* rowsOf(logins.person(tenant, request.loginHint))
  return { row, request, progress, person: personOf(hinted), name: request.loginHint }
}

function personBeside({ person, personExternalId, owned }: LoginWithPerson): Person | undefined {
  if (person === null || personExternalId === null) return undefined
  return { id: person, externalId: personExternalId, owned: new Set(owned === null ? [] : owned.split(' ')) }
}

function personOf(rows: readonly PersonRow[]): Person | undefined {
  const [row] = rows
  if (!row) return undefined
  const owned = new Set(rows.flatMap(({ policy }) => (policy === null ? [] : [policy])))
  return { id: row.user, externalId: row.externalId, owned }
}

/** From the first step on a login lasts half an hour after each step, two hours at most. */
const STEP_MS = 1_800_000
const LONGEST_MS = 7_200_000

/** What a change of a login writes, where nothing else is said as it was. */
export function changeOf(
  { row }: Pick<Login, 'row'>,
  now: number,
  progress: LoginProgress,
  more: Partial<LoginChange> = {},
): LoginChange {
  return {
    from: row.revision,
    state: row.state,
    csrf: row.csrf,
    browser: row.browser,
    userId: progress.user?.id ?? null,
    workflow: row.workflow,
    expiresAt: Math.min(now + STEP_MS, row.createdAt + LONGEST_MS),
    ...more,
    progress: JSON.stringify(progress),
  }
}
