/** Something a user asked for that takes its time: at work, done, or failed with what to do next. */
import { useState } from 'preact/hooks'
import { Callout } from '../../ui/callout.tsx'
import { readAccounts, useDesk } from '../desk.ts'
import { type Failure, failureOf } from '../failure.ts'
import { GIVEN_UP } from '../unlock/unlocked.ts'

export interface Deed {
  readonly busy: boolean
  readonly done: string | undefined
  readonly failure: Failure | undefined
  run(act: () => Promise<unknown>, done: string): Promise<void>
}

export function useDeed(): Deed {
  const desk = useDesk()
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  return {
    busy,
    done,
    failure,
    async run(act, words) {
      setBusy(true)
      setDone(undefined)
      setFailure(undefined)
      try {
        if ((await act()) !== GIVEN_UP) setDone(words)
        await readAccounts(desk)
      } catch (error) {
        setFailure(failureOf(error))
      }
      setBusy(false)
    },
  }
}

export function Told({ deed: { done, failure } }: { deed: Deed }) {
  return (
    <>
      {failure && (
        <Callout tone="error" title={failure.title} announced>
          <p>{failure.next}</p>
        </Callout>
      )}
      {done !== undefined && <Callout tone="success" title={done} announced />}
    </>
  )
}
