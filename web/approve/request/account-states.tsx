/** Accounts that need something before requests can come: a confirmation, new keys, a service that answers. */
import { say } from '../../texts/say.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'

export function AccountStates() {
  const { now } = useDesk()
  return (
    <>
      {now.containers.map(({ id, status, serviceName: service, renewalDue }) => {
        const to = linkTo({ page: 'account', container: id })
        if (status === 'pending')
          return (
            <Callout key={id} tone="info" title={say('state.pending', { service })}>
              <LinkButton to={to}>{say('state.pending_next')}</LinkButton>
            </Callout>
          )
        if (status === 'suspended')
          return (
            <Callout key={id} tone="warning" title={say('state.suspended', { service })}>
              <p>{say('state.suspended_next')}</p>
            </Callout>
          )
        if (now.unreachable.includes(id))
          return (
            <Callout key={id} tone="warning" title={say('state.unreachable', { service })}>
              <p>{say('state.unreachable_next')}</p>
            </Callout>
          )
        if (renewalDue !== undefined)
          return (
            <Callout key={id} tone="info" title={say('state.renewal', { service })}>
              <LinkButton to={linkTo({ page: 'settings', container: id })}>{say('state.renewal_next')}</LinkButton>
            </Callout>
          )
        return null
      })}
    </>
  )
}
