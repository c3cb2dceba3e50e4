/** How an account comes onto this device: five ways in, the camera first. */
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Field } from '../../ui/field.tsx'
import { Screen } from '../../ui/screen.tsx'
import { arrive } from '../arrival.ts'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { ImageChoice } from '../scan/scanner.tsx'

const toAdd = () => ({ to: linkTo({ page: 'add' }), label: say('action.back') })

export function AddScreen() {
  const desk = useDesk()
  const [unknown, setUnknown] = useState(false)
  const back =
    desk.now.containers.length > 0 ? { to: linkTo({ page: 'accounts' }), label: say('place.accounts') } : undefined
  return (
    <Screen title={say('add.title')} back={back ?? { to: linkTo({ page: 'requests' }), label: say('action.back') }}>
      <p class="lead">{say('add.lead')}</p>
      <div class="stack">
        <LinkButton kind="primary" icon="scan" to={linkTo({ page: 'scan' })}>
          {say('add.scan')}
        </LinkButton>
        <ImageChoice found={(text, via) => setUnknown(!arrive(desk, text, via))} />
        <LinkButton icon="paste" to={linkTo({ page: 'pasted' })}>
          {say('add.paste')}
        </LinkButton>
        <LinkButton icon="keyboard" to={linkTo({ page: 'typed' })}>
          {say('add.type')}
        </LinkButton>
      </div>
      {unknown && <Callout tone="error" title={say('scan.unknown')} announced />}
    </Screen>
  )
}

export function PastedScreen() {
  const desk = useDesk()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  return (
    <Screen title={say('paste.title')} back={toAdd()}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (text.trim() === '') setError(say('paste.missing'))
          else if (!arrive(desk, text, 'text')) setError(say('paste.unknown'))
        }}
      >
        <Field
          label={say('paste.label')}
          hint={say('paste.hint')}
          type="lines"
          most={8192}
          value={text}
          change={setText}
          error={error}
        />
        <div class="actions">
          <Button kind="primary">{say('action.next')}</Button>
        </div>
      </form>
    </Screen>
  )
}
