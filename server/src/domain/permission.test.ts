import { describe, expect, test } from 'vitest'
import { mayChangeHolderOf, permissions, permissionsOf } from './permission.ts'

const all = Object.keys(permissions).sort()
const of = (...roles: string[]) => [...permissionsOf(roles)].sort()

describe('permission table', () => {
  test('administrator and privileged client may do everything', () => {
    expect(of('RL_ORGADMIN')).toEqual(all)
    expect(of('RL_CLIENTIDM2M')).toEqual(all)
  })

  test('a plain client may only authenticate users, an end user nothing', () => {
    expect(of('RL_OPENIDCLIENT')).toEqual(['user.authenticate'])
    expect(of()).toEqual([])
  })

  test('a role that is not in the table gives nothing, whatever its name', () => {
    expect(of('RL_SYSTEM')).toEqual([])
    expect(of('RL_MADEUP', '__proto__', 'constructor')).toEqual([])
  })

  test('roles add up', () => {
    expect(of('RL_AUDITV', 'RL_OPENIDCLIENT')).toEqual(['audit.read', 'user.authenticate'])
    expect(of('RL_HELPDSK', 'RL_ORGADMIN')).toEqual(all)
  })

  test('only those who may do everything assign roles; the help desk sets no password and assigns no device', () => {
    for (const role of ['RL_USERADM', 'RL_HELPDSK', 'RL_DEVADM', 'RL_AUDITV', 'RL_CFGMGR', 'RL_OPENIDCLIENT']) {
      expect(of(role)).not.toContain('role.assign')
    }
    expect(of('RL_HELPDSK')).not.toContain('authenticator.password')
    expect(of('RL_HELPDSK')).not.toContain('device.assign')
    expect(of('RL_HELPDSK')).toContain('authenticator.reset')
  })

  test('whoever may do less may not change the holder of a stronger role', () => {
    const userAdministrator = permissionsOf(['RL_USERADM'])
    expect(mayChangeHolderOf(userAdministrator, [])).toBe(true)
    expect(mayChangeHolderOf(userAdministrator, ['RL_USERADM'])).toBe(true)
    expect(mayChangeHolderOf(userAdministrator, ['RL_ORGADMIN'])).toBe(false)
    expect(mayChangeHolderOf(userAdministrator, ['RL_OPENIDCLIENT'])).toBe(false)
    expect(mayChangeHolderOf(permissionsOf(['RL_CLIENTIDM2M']), ['RL_ORGADMIN'])).toBe(true)
  })
})
