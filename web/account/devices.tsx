/** The devices, and what can be done with each: rename, remove after a question. Why nothing can be changed stands above them. */
import type { OwnDevice, OwnDevices } from '@countersign/protocol/account/device.ts'
import { useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Account } from './account.ts'
import { RemoveDialog, RenameDialog } from './device-dialogs.tsx'
import { goToSignIn } from './sign-in.ts'
import { day, language, listed, moment, say } from './texts/say.ts'
import { nameOf, type Show } from './view.ts'

export interface DevicesProps {
  readonly account: Account
  readonly own: OwnDevices
  readonly show: Show
  readonly renew: (said: string) => Promise<void>
}

type Asked = { readonly what: 'rename' | 'remove'; readonly device: OwnDevice } | undefined

const HEADING = 'devices'

/** When what was said before is on the page. */
const drawn = () => new Promise<void>(resolve => requestAnimationFrame(() => setTimeout(resolve)))

export function Devices({ account, own, show, renew }: DevicesProps) {
  const [asked, ask] = useState<Asked>()
  const { devices, changes, types } = own
  const allowed = changes === 'allowed'
  const done = async (said: string) => {
    ask(undefined)
    await renew(said)
    await drawn()
    // The button that was pressed may be gone with its device, and the whole list may have been drawn anew.
    document.getElementById(HEADING)?.focus()
  }
  const inUse = devices.filter(({ status }) => status === 'ACTIVE')
  const shared = { account, close: () => ask(undefined), done }
  return (
    <section aria-labelledby={HEADING}>
      <h2 id={HEADING} tabIndex={-1}>
        {say('devices.title')}
      </h2>
      <p class="quiet">{say(devices.length === 0 ? 'devices.none' : 'devices.lead')}</p>
      {changes !== 'allowed' && (
        <Callout tone="warning">
          <p>{say(`devices.${changes}`)}</p>
          <Button press={() => void goToSignIn(language, true)}>{say('sign_in.again')}</Button>
        </Callout>
      )}
      {devices.length > 0 && (
        <ul class="devices">
          {devices.map(device => (
            <li class="card" key={device.id}>
              <Facts device={device} />
              {allowed && (
                <div class="buttons">
                  <Button
                    label={say('device.rename.of', { device: nameOf(device) })}
                    press={() => ask({ what: 'rename', device })}
                  >
                    {say('device.rename')}
                  </Button>
                  <Button
                    kind="danger"
                    label={say('device.remove.of', { device: nameOf(device) })}
                    press={() => ask({ what: 'remove', device })}
                  >
                    {say('device.remove')}
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {allowed && types.length > 0 && (
        <Button kind="primary" icon="plus" press={() => show({ kind: 'add', types })}>
          {say('devices.add')}
        </Button>
      )}
      {asked?.what === 'rename' && <RenameDialog device={asked.device} {...shared} />}
      {asked?.what === 'remove' && (
        <RemoveDialog device={asked.device} last={inUse.length === 1 && inUse[0]?.id === asked.device.id} {...shared} />
      )}
    </section>
  )
}

const ICONS = { app: 'shield', passkey: 'key', card: 'card', token: 'digits' } as const

function Facts({ device }: { device: OwnDevice }) {
  const uses = device.uses.map(use => say(`use.${use}`))
  return (
    <>
      <h3>
        <Icon name={ICONS[device.kind]} size={20} />
        <bdi>{nameOf(device)}</bdi>
      </h3>
      {device.friendly_name !== null && <p class="quiet">{device.type_name}</p>}
      {device.signed_in_with && (
        <p class="here">
          <Icon name="tick" size={20} />
          {say('device.here')}
        </p>
      )}
      {device.status !== 'ACTIVE' && <p class="state">{say(`status.${device.status}`)}</p>}
      <p>
        {device.last_used_at === null
          ? say('device.unused')
          : say('device.used', { when: moment(device.last_used_at) })}
      </p>
      <p class="quiet">
        {say('device.added', { when: day(device.added_at) })}
        {(device.kind === 'token' || device.kind === 'card') && ` · ${say('device.serial', { serial: device.serial })}`}
        {device.expires_at && ` · ${say('device.expires', { when: day(device.expires_at) })}`}
      </p>
      {uses.length > 0 && <p class="quiet">{say('uses', { uses: listed(uses) })}</p>}
    </>
  )
}
