/**
 * A phone is added: the invitation as a link, as a QR code, as three things to type. It is made when the screen opens and told once; the
 * page then looks every two seconds whether a phone has used it, and asks for the six characters where the app shows them.
 */
import type { DeviceInvitation, OwnDevice, OwnDevices } from '@countersign/protocol/account/device.ts'
import { useEffect, useState } from 'preact/hooks'
import { Button, LinkButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Spinner } from '../ui/icon.tsx'
import { Screen } from '../ui/screen.tsx'
import { type Account, isRefused } from './account.ts'
import { QrCode } from './qr-code.tsx'
import { say } from './texts/say.ts'
import { nameOf, refusedText, type Show } from './view.ts'

type State =
  | { readonly kind: 'making' }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'open'; readonly made: DeviceInvitation }
  | { readonly kind: 'over' }
  | { readonly kind: 'done'; readonly device: OwnDevice }

const PACE_MS = 2000

export function AddScreen({ account, types, show }: { account: Account; types: OwnDevices['types']; show: Show }) {
  const [state, setState] = useState<State>({ kind: 'making' })
  const [type, setType] = useState(types[0]?.id)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let left = false
    setState({ kind: 'making' })
    account.add(type).then(answer => {
      if (left) return
      setState(
        isRefused(answer) ? { kind: 'refused', text: refusedText(answer.refused) } : { kind: 'open', made: answer },
      )
    })
    return () => {
      left = true
    }
  }, [account, type, turn])
  useEffect(() => (state.kind === 'open' ? watch(account, state.made, setState) : undefined), [state])

  const home = () => show({ kind: 'home' })
  switch (state.kind) {
    case 'making':
      return (
        <p class="waiting" role="status">
          <Spinner />
          {say('loading')}
        </p>
      )
    case 'refused':
      return (
        <Screen title={say('add.title')}>
          <p class="lead" role="alert">
            {state.text}
          </p>
          <Button press={home}>{say('add.done.do')}</Button>
        </Screen>
      )
    case 'over':
      return (
        <Screen title={say('add.over.title')}>
          <p class="lead">{say('add.over.text')}</p>
          <div class="actions">
            <Button kind="primary" press={() => setTurn(turn + 1)}>
              {say('add.over.do')}
            </Button>
            <Button press={home}>{say('cancel')}</Button>
          </div>
        </Screen>
      )
    case 'done':
      return (
        <Screen title={say('add.done.title')}>
          <p class="lead">{say('add.done.text', { device: nameOf(state.device) })}</p>
          <Button kind="primary" press={home}>
            {say('add.done.do')}
          </Button>
        </Screen>
      )
    case 'open':
      return (
        <Screen title={say('add.title')}>
          {types.length > 1 && <Kinds types={types} chosen={type} choose={setType} />}
          <Invitation made={state.made} />
          {state.made.confirm && <Confirmation account={account} device={state.made.device} />}
          <div class="actions">
            <Button press={home}>{say('cancel')}</Button>
          </div>
        </Screen>
      )
  }
}

function watch(account: Account, made: DeviceInvitation, set: (state: State) => void): () => void {
  const timer = setInterval(async () => {
    if (Date.now() > Date.parse(made.expires_at)) return set({ kind: 'over' })
    const answer = await account.devices()
    const device = isRefused(answer) ? undefined : answer.devices.find(({ id }) => id === made.device)
    if (device?.status === 'ACTIVE') set({ kind: 'done', device })
  }, PACE_MS)
  return () => clearInterval(timer)
}

interface KindsProps {
  readonly types: OwnDevices['types']
  readonly chosen: string | undefined
  readonly choose: (type: string) => void
}

function Kinds({ types, chosen, choose }: KindsProps) {
  return (
    <div class="field">
      <label for="kind">{say('add.kind')}</label>
      <select id="kind" value={chosen} onChange={event => choose(event.currentTarget.value)}>
        {types.map(({ id, name }) => (
          <option value={id} key={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

function Invitation({ made }: { made: DeviceInvitation }) {
  const { uid, url, pss } = JSON.parse(made.invitation) as Record<'uid' | 'url' | 'pss', string>
  const minutes = String(Math.max(1, Math.round((Date.parse(made.expires_at) - Date.now()) / 60_000)))
  return (
    <>
      <p class="lead">{say('add.lead', { minutes })}</p>
      <section class="card" aria-labelledby="scan">
        <h2 id="scan">{say('add.scan.title')}</h2>
        <p>{say('add.scan.text')}</p>
        <QrCode text={made.invitation} label={say('add.scan.alt')} />
      </section>
      {made.link && (
        <section class="card" aria-labelledby="here">
          <h2 id="here">{say('add.here.title')}</h2>
          <p>{say('add.here.text')}</p>
          <LinkButton to={made.link} apart>
            {say('add.here.do')}
          </LinkButton>
        </section>
      )}
      <section class="card" aria-labelledby="type">
        <h2 id="type">{say('add.type.title')}</h2>
        <p>{say('add.type.text')}</p>
        <dl class="facts">
          <dt>{say('add.type.uid')}</dt>
          <dd>{uid}</dd>
          <dt>{say('add.type.code')}</dt>
          <dd>{atob(pss)}</dd>
          <dt>{say('add.type.service')}</dt>
          <dd>{url}</dd>
        </dl>
      </section>
    </>
  )
}

/** Before the app is there the server knows of nothing to confirm. */
function Confirmation({ account, device }: { account: Account; device: string }) {
  const [code, setCode] = useState('')
  const [error, setError] = useState<string>()
  const confirm = async () => {
    const answer = await account.confirm(device, code)
    setError(isRefused(answer) ? say('add.confirm.wrong') : undefined)
  }
  return (
    <form
      class="card"
      onSubmit={event => {
        event.preventDefault()
        void confirm()
      }}
    >
      <p>{say('add.confirm.text')}</p>
      <Field label={say('add.confirm.label')} error={error} value={code} change={setCode} most={16} look="short" />
      <Button>{say('add.confirm.do')}</Button>
    </form>
  )
}
