/**
 * Stock roles (`RL_*`), by the reference's codes. It names what only a few of them are for; those without a row in
 * domain/permission.ts exist so that they can be assigned, and permit nothing.
 */
import type { Role } from '#domain/role.ts'

const role = (code: string, name: string): Role => ({ code, name, readOnly: true })

export const roles: readonly Role[] = [
  role('RL_ORGADMIN', 'Organisation administrator'),
  role('RL_CLIENTIDM2M', 'Privileged client'),
  role('RL_OPENIDCLIENT', 'OpenID client'),
  role('RL_AUDITV', 'Audit viewer'),
  role('RL_CFGMGR', 'Configuration manager'),
  role('RL_CONFIG', 'Configuration'),
  role('RL_DEVADM', 'Device administrator'),
  role('RL_HELPDSK', 'Help desk'),
  role('RL_RFE', 'RADIUS front end'),
  role('RL_RGWADM', 'RADIUS gateway administrator'),
  role('RL_SADMIN', 'RL_SADMIN'),
  role('RL_SSPADM', 'Self-service portal administrator'),
  role('RL_STPADM', 'RL_STPADM'),
  role('RL_SUSRADM', 'RL_SUSRADM'),
  role('RL_SYSTEM', 'System'),
  role('RL_USERADM', 'User administrator'),
]
