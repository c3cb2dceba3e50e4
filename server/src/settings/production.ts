/**
 * What `countersign serve` refuses to start with: settings that are fine on a laptop and dangerous behind a real address.
 * Each is told with what to change; all at once. The demo does not ask.
 */
import { isAbsolute, relative, sep } from 'node:path'
import type { SettingProblem, Settings } from '#settings/read.ts'

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/

export function unsafe(settings: Settings): readonly SettingProblem[] {
  const checks = [
    ...[originGiven, originEncrypted, approveOriginGiven, approveOriginApart, proxiesNarrow],
    ...[keyOutsideBackups, metricsGuarded, checkpointsEncrypted],
  ]
  return checks.map(check => check(settings)).filter(problem => problem !== undefined)
}

function originGiven({ publicOrigin }: Settings): SettingProblem | undefined {
  if (publicOrigin !== undefined) return undefined
  return problem('COUNTERSIGN_URL', 'Set COUNTERSIGN_URL to the origin under which clients reach this server.')
}

function originEncrypted({ publicOrigin }: Settings): SettingProblem | undefined {
  if (publicOrigin === undefined || isSafe(publicOrigin)) return undefined
  return problem('COUNTERSIGN_URL', 'Put TLS in front of the server and give COUNTERSIGN_URL as https://….')
}

function approveOriginGiven({ approvePort, approveOrigin }: Settings): SettingProblem | undefined {
  if (approvePort === undefined || approveOrigin !== undefined) return undefined
  const action =
    'Set COUNTERSIGN_APPROVE_URL to the origin under which people reach what COUNTERSIGN_APPROVE_PORT serves.'
  return problem('COUNTERSIGN_APPROVE_URL', action)
}

/** A page of the same origin could call everything in the name of whoever looks at it. */
function approveOriginApart({ approveOrigin, publicOrigin }: Settings): SettingProblem | undefined {
  if (approveOrigin === undefined) return undefined
  if (!isSafe(approveOrigin)) {
    return problem('COUNTERSIGN_APPROVE_URL', 'Put TLS in front of the approve app and give its origin as https://….')
  }
  if (approveOrigin !== publicOrigin) return undefined
  const action = 'Give the approve app an origin of its own: COUNTERSIGN_APPROVE_URL must differ from COUNTERSIGN_URL.'
  return problem('COUNTERSIGN_APPROVE_URL', action)
}

function proxiesNarrow({ trustedProxies }: Settings): SettingProblem | undefined {
  const everybody = trustedProxies.some(({ address, bits }) => bits < (address.includes(':') ? 16 : 8))
  if (!everybody) return undefined
  const action = 'COUNTERSIGN_TRUSTED_PROXIES believes nearly everybody: list only the addresses of your proxies.'
  return problem('COUNTERSIGN_TRUSTED_PROXIES', action)
}

function keyOutsideBackups({ backups, masterKey }: Settings): SettingProblem | undefined {
  if (backups === undefined || masterKey.from !== 'file' || !isInside(backups, masterKey.path)) return undefined
  const action = `Keep ${masterKey.path} outside of the folder of backups: whoever gets a backup must not get its key.`
  return problem('COUNTERSIGN_BACKUPS', action)
}

function metricsGuarded({ metricsPort, host }: Settings): SettingProblem | undefined {
  if (metricsPort === undefined || loopback.test(host)) return undefined
  const action =
    'COUNTERSIGN_METRICS_PORT asks for no token: use COUNTERSIGN_METRICS_TOKEN, or listen on loopback only.'
  return problem('COUNTERSIGN_METRICS_PORT', action)
}

function checkpointsEncrypted({ checkpoints }: Settings): SettingProblem | undefined {
  if (checkpoints.every(place => place.kind === 'file' || isSafe(place.url))) return undefined
  return problem('COUNTERSIGN_CHECKPOINTS', 'Give checkpoints that leave this machine as https://….')
}

function isSafe(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || loopback.test(hostname)
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function problem(name: string, action: string): SettingProblem {
  return { name, action }
}
