/**
 * The approve app as this process serves it: built files on a port of their own, because its pages must not share an origin with
 * the server's (approve protocol, Origin). The demo always serves it, `serve` where COUNTERSIGN_APPROVE_PORT is set.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Fault } from '#domain/refusal.ts'
import { serveSite } from '#http/static-site.ts'
import type { Settings } from '#settings/read.ts'

export interface ApproveSite {
  readonly origin: string
  close(): Promise<void>
}

const DEMO_PORT = 8081
// The same from the sources, from what tsc wrote and from the joined program.
const FOLDER = fileURLToPath(new URL('../../../web/dist/approve', import.meta.url))

/** `base`: the server's public origin, which the app's pages call. Undefined where it is not served, or not built in a demo. */
export async function serveApproveApp(
  mode: 'demo' | 'serve',
  settings: Settings,
  base: string,
): Promise<ApproveSite | undefined> {
  const port = settings.approvePort ?? (mode === 'demo' ? demoPort(settings, DEMO_PORT) : undefined)
  if (port === undefined) return undefined
  if (!existsSync(FOLDER)) {
    if (mode === 'demo') return undefined
    throw new Fault(`The approve app is not built: ${FOLDER} is not there. Run: npm run build`)
  }
  const site = await serveSite(FOLDER, port, settings.host, [base]).catch(error => {
    if (error?.code !== 'EADDRINUSE') throw error
    throw new Fault(
      `Port ${port} is taken. Set COUNTERSIGN_APPROVE_PORT to a free one; the approve app is served there.`,
    )
  })
  return { origin: settings.approveOrigin ?? `http://localhost:${site.port}`, close: () => site.close() }
}

/** What is not given is the usual one, or a free one where the server itself takes a free one. */
export const demoPort = ({ port }: Settings, usual: number): number => (port === 0 ? 0 : usual)
