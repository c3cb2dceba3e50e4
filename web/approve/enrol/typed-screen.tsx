/** The three things of an invitation, typed: user id, invite code and service (approve protocol, section 2). */
import { readService } from '@countersign/protocol/approve/service-root.ts'
import { typedInvitation } from '@countersign/sdk/invitation.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Screen } from '../../ui/screen.tsx'
import { invite } from '../arrival.ts'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { invitedOnline } from './invited.ts'

export function TypedScreen() {
  const desk = useDesk()
  const [uid, setUid] = useState('')
  const [code, setCode] = useState('')
  const [service, setService] = useState('')
  const [tried, setTried] = useState(false)
  const errors = {
    uid: uid.trim() === '' ? say('typed.user_missing') : undefined,
    code: code.trim() === '' ? say('typed.code_missing') : undefined,
    service: readService(service) ? undefined : say('typed.service_unfit'),
  }
  const shown = (error: string | undefined) => (tried ? error : undefined)
  return (
    <Screen title={say('typed.title')} back={{ to: linkTo({ page: 'add' }), label: say('action.back') }}>
      <p class="lead">{say('typed.lead')}</p>
      <form
        onSubmit={event => {
          event.preventDefault()
          setTried(true)
          if (Object.values(errors).some(Boolean)) return focusFirstError(event.currentTarget)
          invite(desk, invitedOnline(desk, typedInvitation({ uid, code, service })))
        }}
      >
        <Field label={say('typed.user')} most={256} value={uid} change={setUid} error={shown(errors.uid)} />
        <Field
          label={say('typed.code')}
          hint={say('typed.code_hint')}
          look="figures"
          most={64}
          value={code}
          change={setCode}
          error={shown(errors.code)}
        />
        <Field
          label={say('typed.service')}
          hint={say('typed.service_hint')}
          most={400}
          value={service}
          change={setService}
          error={shown(errors.service)}
        />
        <div class="actions">
          <Button kind="primary">{say('action.next')}</Button>
        </div>
      </form>
    </Screen>
  )
}

function focusFirstError(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
