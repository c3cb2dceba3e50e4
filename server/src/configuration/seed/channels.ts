/** Stock channels (`CH_*`), by the reference's codes. CH_VPN is the default of RADIUS requests. */
import type { Channel } from '#domain/channel.ts'

export const channels: readonly Channel[] = [
  { code: 'CH_DIRECT', name: 'Direct', kind: 'generic' },
  { code: 'CH_EXTRAPP', name: 'External application', kind: 'generic' },
  { code: 'CH_SSP', name: 'Self-service portal', kind: 'generic' },
  { code: 'CH_IIS', name: 'Web agent', kind: 'generic' },
  { code: 'CH_STAP', name: 'CH_STAP', kind: 'generic' },
  { code: 'CH_TRMSVC', name: 'Terminal services', kind: 'generic' },
  { code: 'CH_TDSPROV', name: 'Mobile registration', kind: 'generic' },
  { code: 'CH_TDS', name: 'Mobile action validation', kind: 'generic' },
  { code: 'CH_VPN', name: 'VPN', kind: 'radius' },
]
