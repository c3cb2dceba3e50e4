/**
 * From an invitation to an account: first the user's word on what it is, then a PIN where the service wants one, then the keys are
 * made and registered. What fails leaves nothing behind, and the same invitation can be tried again.
 */
import type { PasswordProtection } from '@countersign/protocol/approve/policy-document.ts'
import type { EnrolStep } from '@countersign/sdk/approve-app.ts'
import type { Container } from '@countersign/sdk/container.ts'
import { useRef, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Screen } from '../../ui/screen.tsx'
import { type Desk, readAccounts, useDesk } from '../desk.ts'
import { type Failure, failureOf } from '../failure.ts'
import { readInbox } from '../inboxes.ts'
import { go } from '../navigation.ts'
import { linkTo } from '../route.ts'
import { EnrolSteps } from './enrol-steps.tsx'
import { EnrolledScreen } from './enrolled-screen.tsx'
import { InvitationForm } from './invitation-form.tsx'
import type { Invited } from './invited.ts'
import { type Kept, keepStorage } from './keep-storage.ts'
import { NewPinScreen } from './new-pin.tsx'

type Step =
  | { readonly at: 'form'; readonly failure?: Failure }
  | { readonly at: 'pin'; readonly rules: PasswordProtection; readonly chosen: (pin: string | undefined) => void }
  | { readonly at: 'working'; readonly step: EnrolStep }
  | { readonly at: 'done'; readonly container: Container; readonly kept: Kept }

class GivenUp extends Error {}

export function InvitationScreen() {
  const desk = useDesk()
  const [step, setStep] = useState<Step>({ at: 'form' })
  const invited = useRef(desk.now.invited).current
  if (step.at === 'done') return <EnrolledScreen container={step.container} kept={step.kept} />
  if (!invited) return <NoInvitation />
  if (step.at === 'pin') return <NewPinScreen rules={step.rules} chosen={step.chosen} />
  if (step.at === 'working') return <EnrolSteps step={step.step} />

  const begin = async (name: string) => {
    setStep({ at: 'working', step: 'asking' })
    try {
      const container = await enrol(desk, invited, name, setStep)
      const kept = await keepStorage()
      setStep({ at: 'done', container, kept })
      desk.state.change(old => ({ ...old, invited: undefined }))
      await readAccounts(desk)
      if (container.status === 'active' && container.kind === 'online') await readInbox(desk, container)
    } catch (error) {
      setStep(error instanceof GivenUp ? { at: 'form' } : { at: 'form', failure: failureOf(error) })
    }
  }
  const cancel = () => {
    desk.state.change(old => ({ ...old, invited: undefined }))
    go({ page: 'requests' })
  }
  return (
    <Screen title={say('invitation.title')}>
      {step.failure && (
        <Callout tone="error" title={step.failure.title} announced>
          <p>{step.failure.next}</p>
        </Callout>
      )}
      <InvitationForm invited={invited} begin={begin} cancel={cancel} />
    </Screen>
  )
}

async function enrol({ app }: Desk, invited: Invited, name: string, show: (step: Step) => void): Promise<Container> {
  if (!invited.invitation) return app.enrolOffline(invited.uri ?? '', name)
  return app.enrol(invited.invitation, {
    name,
    platform: 'web',
    progress: step => show({ at: 'working', step }),
    password: rules =>
      new Promise((resolve, reject) => {
        show({
          at: 'pin',
          rules,
          chosen(pin) {
            if (pin === undefined) return reject(new GivenUp())
            show({ at: 'working', step: 'keys' })
            resolve(pin)
          },
        })
      }),
  })
}

function NoInvitation() {
  return (
    <Screen title={say('invitation.gone')}>
      <p class="lead">{say('invitation.gone_next')}</p>
      <LinkButton kind="primary" to={linkTo({ page: 'add' })}>
        {say('add.title')}
      </LinkButton>
    </Screen>
  )
}
