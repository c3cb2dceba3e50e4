/** Where a request was asked from, as the service saw it. */
import type { RequestAnswer } from '@countersign/protocol/approve/request.ts'
import { say } from '../../texts/say.ts'

export function Asker({ from: { origin, address } }: { from: RequestAnswer['asked_from'] }) {
  if (origin === undefined && address === undefined) return null
  return (
    <dl class="asker">
      {origin !== undefined && (
        <div>
          <dt>{say('request.page')}</dt>
          <dd dir="ltr">{origin}</dd>
        </div>
      )}
      {address !== undefined && (
        <div>
          <dt>{say('request.address')}</dt>
          <dd dir="ltr">{address}</dd>
        </div>
      )}
    </dl>
  )
}
