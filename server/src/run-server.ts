/**
 * The server as a process: opens the ground, puts the rooms together, listens, and on SIGTERM or SIGINT drains: stops
 * accepting, ends requests under way, the jobs, the audit's run, then lets go of the home. What runs beside it (the approve app, and
 * in the demo the example bank) starts after it and ends before it.
 */

import { rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { type ApproveSite, serveApproveApp } from '#cli/approve-site.ts'
import type { Arguments } from '#cli/command.ts'
import { commands } from '#cli/commands.ts'
import { listenForCommands, type Reply, socketPath } from '#cli/control-socket.ts'
import { type DemoBank, startBank } from '#cli/demo-bank.ts'
import { furnishSignIns } from '#cli/demo-sign-ins.ts'
import { buildDemoWorld, type DemoWorld } from '#cli/demo-world.ts'
import { greeting } from '#cli/greeting.ts'
import { Inbox } from '#cli/inbox.ts'
import { inboxDoor } from '#cli/inbox-page.ts'
import { landingDoor } from '#cli/landing-page.ts'
import type { Office } from '#cli/office.ts'
import { peopleDoor } from '#cli/people-page.ts'
import { compose } from '#compose.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { type Ground, openGround } from '#ground.ts'
import { openLog } from '#jobs/log.ts'
import { unsafe } from '#settings/production.ts'
import type { Settings } from '#settings/read.ts'
import { askServer } from '#storage/postgres/server-facts.ts'

export type Mode = 'demo' | 'serve'

/** Resolves when the server has ended. */
export async function runServer(mode: Mode, settings: Settings, given: Arguments): Promise<void> {
  if (mode === 'serve') await assertSafe(settings, given.flags['accept-lossy-failover'] === true)
  const log = openLog(mode === 'demo' && settings.logLevel === 'info' ? 'warn' : settings.logLevel)
  const ground = await openGround(settings, log)
  const here: { demo?: DemoWorld; office?: Office; app?: ApproveSite | undefined; bank?: DemoBank | undefined } = {}
  const inbox = mode === 'demo' ? new Inbox() : undefined
  const pages = inbox ? [landingDoor(() => here.demo), inboxDoor(inbox), peopleOf(here, ground)] : []
  const approveOrigin = () => settings.approveOrigin ?? here.app?.origin
  const composition = await compose(settings, ground, log, pages, approveOrigin, inbox)
  const { carrier, office } = composition
  here.office = office
  const close = async () => {
    await here.bank?.close()
    await here.app?.close()
    await carrier.close()
    await composition.settle()
    await ground.close()
  }
  try {
    const port = await carrier.listen(settings.port, settings.host)
    const base = settings.publicOrigin ?? `http://localhost:${port}`
    here.app = await serveApproveApp(mode, settings, base)
    // Not before the ports are known to be free: what the world is made of is told only at its end.
    if (mode === 'demo') {
      const world = await furnishSignIns(office, await buildDemoWorld(office, settings))
      here.bank = await startBank(settings, base, approveOrigin(), world.content)
      here.demo = world.settled(port, neighbours(here))
      for (const line of greeting(here.demo)) console.log(line)
    }
  } catch (error) {
    await close()
    throw error
  }
  const socket = await listenForCommands(settings.home, call => answer(call, office, log))
  await Promise.race([stopSignal(), ground.lost])
  await shutDown(settings, socket, close)
}

const peopleOf = (here: { demo?: DemoWorld; office?: Office }, { clock }: Ground) =>
  peopleDoor({ world: () => here.demo, office: () => here.office, now_ms: () => clock.now() })

const neighbours = ({ app, bank }: { app?: ApproveSite | undefined; bank?: DemoBank | undefined }) => ({
  ...(app === undefined ? {} : { approve: app.origin }),
  ...(bank === undefined ? {} : { bank: bank.origin }),
})

/** A command that came by the socket. Its refusals go back in words; whatever else breaks goes to the log, too. */
async function answer(
  call: { words: string; given: Arguments },
  office: Office,
  log: { error(fields: object, message: string): void },
): Promise<Reply> {
  const command = commands.find(({ words }) => words === call.words)
  if (command?.runs !== 'in the office') return { refused: `"${call.words}" is not a command of this server.` }
  try {
    return { report: await command.run(call.given, office) }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.hint }
    log.error({ err: error, command: call.words }, 'a command failed')
    return { broken: error instanceof Error ? error.message : 'it failed' }
  }
}

async function assertSafe(settings: Settings, acceptsLoss: boolean): Promise<void> {
  const problems = unsafe(settings).map(({ action }) => action)
  if (settings.database.engine === 'postgres' && !acceptsLoss) {
    const { waitsForStandby } = await askServer(settings.database.url.reveal())
    if (!waitsForStandby) problems.push(LOSSY)
  }
  if (problems.length > 0) throw new Fault(problems.join('\n'))
}

const LOSSY =
  'A failover of this database could bring used codes back: give PostgreSQL a synchronous standby ' +
  '(synchronous_standby_names), or start with --accept-lossy-failover.'

function stopSignal(): Promise<void> {
  return new Promise(stop => {
    process.once('SIGTERM', () => stop())
    process.once('SIGINT', () => stop())
  })
}

async function shutDown(settings: Settings, socket: Server, close: () => Promise<void>): Promise<void> {
  socket.close()
  await close()
  rmSync(socketPath(settings.home), { force: true })
}
