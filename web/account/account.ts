/** The calls of this page, with its token. A refusal is a value: each place says in its own words what it means there. */
import type { DeviceInvitation, OwnDevices } from '@countersign/protocol/account/device.ts'
import type { OwnPasswords } from '@countersign/protocol/account/password.ts'
import type { Profile } from '@countersign/protocol/account/profile.ts'
import { place } from './place.ts'

export interface Refused {
  readonly refused: string
  /** Rules of a password that it breaks. */
  readonly broken: readonly string[]
}

export const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === 'object' && answer !== null && 'refused' in answer

export type Account = ReturnType<typeof openAccount>

/** `over`: called when the token opens nothing any more. */
export function openAccount(token: string, over: () => void) {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer | Refused> {
    const response = await fetch(`${place.api}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).catch(() => undefined)
    if (!response) return { refused: 'unreachable', broken: [] }
    if (response.status === 204) return undefined as Answer
    const answer = await response.json().catch(() => ({}))
    if (response.ok) return answer as Answer
    const { error = 'server_error', broken = [] } = answer as { error?: string; broken?: readonly string[] }
    if (error === 'invalid_token') over()
    return { refused: error, broken }
  }
  const of = (id: string) => `devices/${encodeURIComponent(id)}`
  return {
    profile: () => call<Profile>('GET', 'profile'),
    devices: () => call<OwnDevices>('GET', 'devices'),
    passwords: () => call<OwnPasswords>('GET', 'passwords'),
    rename: (id: string, friendly_name: string) => call<void>('PATCH', of(id), { friendly_name }),
    remove: (id: string) => call<void>('DELETE', of(id)),
    add: (type?: string) => call<DeviceInvitation>('POST', 'devices', type === undefined ? {} : { type }),
    confirm: (id: string, code: string) => call<void>('POST', `${of(id)}/confirm`, { code }),
    changePassword: (policy: string, old_password: string, new_password: string) =>
      call<void>('POST', 'password', { policy, old_password, new_password }),
    signOut: () => call<void>('DELETE', 'session'),
  }
}
