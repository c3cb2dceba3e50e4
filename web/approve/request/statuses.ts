/**
 * What the decisions of a policy are called. `accept`, `deny` and `report` are the stock ones; a policy may have others, which are
 * shown as they are. The first is the positive one, whatever it is called (approve protocol, section 7).
 */
import { say } from '../../texts/say.ts'
import { timeOf } from '../../texts/times.ts'
import type { IconName } from '../../ui/icon.tsx'

export interface Choice {
  readonly status: string
  readonly label: string
  readonly kind: 'primary' | 'plain' | 'text danger'
  readonly icon?: IconName
  /** Blocks the account for a while, so it is asked for again. */
  readonly grave: boolean
}

export function choicesOf(statuses: readonly string[]): readonly Choice[] {
  return statuses.map((status, place) => {
    if (place === 0) return { status, label: labelOf(status), kind: 'primary', icon: 'tick', grave: false }
    if (status === 'report')
      return { status, label: say('decide.report'), kind: 'text danger', icon: 'flag', grave: true }
    return { status, label: labelOf(status), kind: 'plain', icon: 'cross', grave: false }
  })
}

const labelOf = (status: string) =>
  status === 'accept' || status === 'deny' || status === 'report' ? say(`decide.${status}`) : status

/** In the past tense, for confirmations and for the history. */
export const doneText = (status: string) =>
  status === 'accept' || status === 'deny' || status === 'report'
    ? say(`decided.${status}`)
    : say('decided.other', { status })

/** Who asked, and when it was decided; a client that bears the name of its service is named once. */
export function pastLine(client: string, service: string, at: number): string {
  const time = timeOf(at)
  return client === service
    ? say('history.line_same', { client, time })
    : say('history.line', { client, service, time })
}
