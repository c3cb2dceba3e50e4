/** The account: devices, passwords, last sign-ins. Loaded anew each time it is shown. */
import type { OwnDevices } from '@countersign/protocol/account/device.ts'
import type { OwnPasswords } from '@countersign/protocol/account/password.ts'
import type { Profile } from '@countersign/protocol/account/profile.ts'
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Spinner } from '../ui/icon.tsx'
import { Screen } from '../ui/screen.tsx'
import { type Account, isRefused } from './account.ts'
import { Devices } from './devices.tsx'
import { day, moment, say } from './texts/say.ts'
import { nameOf, type Show } from './view.ts'

interface Loaded {
  readonly profile: Profile
  readonly devices: OwnDevices
  readonly passwords: OwnPasswords
}

async function load(account: Account): Promise<Loaded | undefined> {
  const [profile, devices, passwords] = await Promise.all([account.profile(), account.devices(), account.passwords()])
  return isRefused(profile) || isRefused(devices) || isRefused(passwords) ? undefined : { profile, devices, passwords }
}

export function HomeScreen({ account, show, said }: { account: Account; show: Show; said: string | undefined }) {
  const [loaded, setLoaded] = useState<Loaded | 'failed' | undefined>()
  const [done, setDone] = useState(said)
  const renew = async (words?: string) => {
    setLoaded((await load(account)) ?? 'failed')
    if (words !== undefined) setDone(words)
  }
  useEffect(() => void renew(), [account])

  if (loaded === undefined) {
    return (
      <p class="waiting" role="status">
        <Spinner />
        {say('loading')}
      </p>
    )
  }
  if (loaded === 'failed') {
    return (
      <Screen title={say('title')}>
        <p class="lead">{say('failed.load')}</p>
        <Button press={() => void renew()}>{say('retry')}</Button>
      </Screen>
    )
  }
  const { profile, devices, passwords } = loaded
  return (
    <Screen title={say('title.signed_in', { name: profile.given_name ?? profile.user_name })}>
      <div role="status">{done && <Callout tone="success">{done}</Callout>}</div>
      <Devices account={account} own={devices} show={show} renew={renew} />
      <Passwords own={passwords} show={show} />
      <SignIns profile={profile} devices={devices} />
    </Screen>
  )
}

function Passwords({ own, show }: { own: OwnPasswords; show: Show }) {
  return (
    <section aria-labelledby="passwords">
      <h2 id="passwords">{say('passwords.title')}</h2>
      {own.passwords.length === 0 && <p class="quiet">{say('passwords.none')}</p>}
      {own.passwords.map(password => (
        <div class="card line" key={password.policy}>
          <div>
            <strong>{password.name}</strong>
            {password.expires_at && <p class="quiet">{say('password.expires', { when: day(password.expires_at) })}</p>}
          </div>
          <Button
            label={say('password.change.of', { password: password.name })}
            press={() => show({ kind: 'password', password })}
          >
            {say('password.change')}
          </Button>
        </div>
      ))}
    </section>
  )
}

function SignIns({ profile, devices }: { profile: Profile; devices: OwnDevices }) {
  const names = new Map(devices.devices.map(one => [one.id, nameOf(one)]))
  return (
    <section aria-labelledby="sign-ins">
      <h2 id="sign-ins">{say('sign_ins.title')}</h2>
      {profile.sign_ins.length === 0 ? (
        <p class="quiet">{say('sign_ins.none')}</p>
      ) : (
        <>
          <ul class="rows">
            {profile.sign_ins.map(one => {
              const device = one.device === null ? undefined : names.get(one.device)
              const way = device === undefined ? '' : `, ${say('sign_ins.with', { device })}`
              return (
                <li class="sign-in" key={one.policy}>
                  <strong>{moment(one.at)}</strong>
                  <span class="quiet">
                    {one.policy_name}
                    {way}
                    {one.channel && ` · ${one.channel}`}
                  </span>
                </li>
              )
            })}
          </ul>
          <p class="quiet after">{say('sign_ins.hint')}</p>
        </>
      )}
    </section>
  )
}
