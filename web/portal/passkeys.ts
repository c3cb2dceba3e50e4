/**
 * Passkeys of the browser (Web Authentication Level 3): options and answers as JSON, by the browser's own conversion where it has one
 * (sections 5.1.8 to 5.1.10), else by ours. One request at a time: a new one ends the one that waits, the quiet one beside a user name above all.
 */
export type Outcome =
  /** The credential as JSON. */
  | { readonly made: object }
  /** `ended`: the person gave up, or nothing fits, or time is up; browsers do not tell which. `known`: enrolled already. */
  | { readonly failed: 'ended' | 'known' | 'broken' }

export interface Passkeys {
  readonly there: boolean
  /** Whether passkeys can stand among the names that the browser proposes. */
  conditional(): Promise<boolean>
  get(options: object, signal?: AbortSignal, mediation?: CredentialMediationRequirement): Promise<Outcome>
  create(options: object): Promise<Outcome>
  /** Gives up what the browser asks by a dialog; false when there is none. */
  end(): boolean
}

type Conversions = Partial<
  Pick<
    typeof PublicKeyCredential,
    'parseCreationOptionsFromJSON' | 'parseRequestOptionsFromJSON' | 'isConditionalMediationAvailable'
  >
>

export interface PasskeyPlace {
  readonly PublicKeyCredential?: Conversions | undefined
  readonly navigator: { readonly credentials?: CredentialsContainer | undefined }
}

interface Waiting {
  /** Beside a user name: nobody sees it. */
  readonly quiet: boolean
  readonly ending: AbortController
  readonly settled: Promise<unknown>
}

export function openPasskeys({ PublicKeyCredential: known, navigator }: PasskeyPlace): Passkeys {
  const { credentials } = navigator
  let waiting: Waiting | undefined

  async function ask(
    signal: AbortSignal | undefined,
    call: (container: CredentialsContainer, signal: AbortSignal) => Promise<Credential | null>,
    quiet = false,
  ): Promise<Outcome> {
    if (credentials === undefined) return { failed: 'broken' }
    const before = waiting
    const ending = new AbortController()
    const end = () => ending.abort()
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted) end()
    before?.ending.abort()
    const settled = (before?.settled ?? Promise.resolve()).then(() => call(credentials, ending.signal))
    const mine = { quiet, ending, settled: settled.catch(() => undefined) }
    waiting = mine
    try {
      const credential = await settled
      return credential ? { made: jsonOf(credential as PublicKeyCredential) } : { failed: 'ended' }
    } catch (error) {
      return { failed: failureOf(error) }
    } finally {
      signal?.removeEventListener('abort', end)
      if (waiting === mine) waiting = undefined
    }
  }

  return {
    there: known !== undefined && credentials !== undefined,
    conditional: async () => (await known?.isConditionalMediationAvailable?.().catch(() => false)) ?? false,
    get: (options, signal, mediation) =>
      ask(
        signal,
        (container, ended) => {
          const publicKey = known?.parseRequestOptionsFromJSON?.(options as never) ?? requestOf(options as Request)
          return container.get({ publicKey, signal: ended, ...(mediation === undefined ? {} : { mediation }) })
        },
        mediation === 'conditional',
      ),
    end() {
      if (waiting === undefined || waiting.quiet) return false
      waiting.ending.abort()
      return true
    },
    create: options =>
      ask(undefined, (container, signal) => {
        const publicKey = known?.parseCreationOptionsFromJSON?.(options as never) ?? creationOf(options as Creation)
        return container.create({ publicKey, signal })
      }),
  }
}

function failureOf(error: unknown): 'ended' | 'known' | 'broken' {
  const name = error instanceof Error ? error.name : ''
  if (name === 'InvalidStateError') return 'known'
  return name === 'NotAllowedError' || name === 'AbortError' ? 'ended' : 'broken'
}

type Request = PublicKeyCredentialRequestOptionsJSON
type Creation = PublicKeyCredentialCreationOptionsJSON
type Described = PublicKeyCredentialDescriptorJSON

const described = (list: readonly Described[] = []) =>
  list.map(one => ({ ...one, id: bytesOf(one.id) })) as PublicKeyCredentialDescriptor[]

const requestOf = ({ challenge, allowCredentials, ...rest }: Request) =>
  ({
    ...rest,
    challenge: bytesOf(challenge),
    ...(allowCredentials ? { allowCredentials: described(allowCredentials) } : {}),
  }) as object as PublicKeyCredentialRequestOptions

const creationOf = ({ challenge, user, excludeCredentials, ...rest }: Creation) =>
  ({
    ...rest,
    challenge: bytesOf(challenge),
    user: { ...user, id: bytesOf(user.id) },
    excludeCredentials: described(excludeCredentials),
  }) as object as PublicKeyCredentialCreationOptions

/** Password managers stand in for the browser, and not all of them know `toJSON`. */
function jsonOf(credential: PublicKeyCredential): object {
  if (typeof credential.toJSON === 'function') return credential.toJSON()
  const { id, type, authenticatorAttachment, rawId, response } = credential
  const parts = response as unknown as Readonly<Record<string, unknown>>
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
  const bytes = names.filter(name => parts[name] instanceof ArrayBuffer)
  const transports = (response as Partial<AuthenticatorAttestationResponse>).getTransports?.()
  return {
    ...{ id, type, rawId: textOf(rawId), authenticatorAttachment },
    response: {
      ...Object.fromEntries(bytes.map(name => [name, textOf(parts[name] as ArrayBuffer)])),
      ...(transports ? { transports } : {}),
    },
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}

const bytesOf = (text: string): ArrayBuffer =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), sign => sign.charCodeAt(0)).buffer

const textOf = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
