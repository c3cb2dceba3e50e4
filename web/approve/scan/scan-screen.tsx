/** The camera, looking for invitations and requests alike. */
import { useRef, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Screen } from '../../ui/screen.tsx'
import { arrive } from '../arrival.ts'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { Scanner } from './scanner.tsx'

export function ScanScreen() {
  const desk = useDesk()
  const [problem, setProblem] = useState<string>()
  const taken = useRef(false)
  return (
    <Screen title={say('scan.title')} back={{ to: linkTo({ page: 'requests' }), label: say('action.back') }}>
      <p class="lead">{say('scan.lead')}</p>
      <Scanner
        problem={problem}
        found={(text, via) => {
          if (taken.current) return
          taken.current = arrive(desk, text, via)
          setProblem(taken.current ? undefined : say('scan.unknown'))
        }}
      />
    </Screen>
  )
}
