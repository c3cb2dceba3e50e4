/**
 * The text that will be signed, character by character: pairs as a table, free text as it is. Marked characters stay where they
 * are; those that cannot be seen get their number in Unicode beside them, and none can turn the direction of what follows.
 */
import { type Mark, type Piece, readMessage } from '@countersign/protocol/approve/message.ts'
import { say } from '../../texts/say.ts'
import { Callout } from '../../ui/callout.tsx'

export function MessageView({ tds }: { tds: string }) {
  const message = readMessage(tds)
  return (
    <div class="message">
      {message.kind === 'text' ? (
        <p class="free" dir="auto">
          <Pieces pieces={message.pieces} />
        </p>
      ) : (
        <dl>
          {message.rows.map(({ label, value }, at) => (
            // The rows of one text never move
            <div key={at}>
              <dt dir="auto">
                <Pieces pieces={label} />
              </dt>
              <dd dir="auto">
                <Pieces pieces={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Suspicions marks={message.marks} />
    </div>
  )
}

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return <>{pieces.map(({ text, mark }) => (mark ? <Marked text={text} mark={mark} /> : text))}</>
}

function Marked({ text, mark }: { text: string; mark: Mark }) {
  return (
    <mark class={mark}>
      <bdi>{text}</bdi>
      {mark !== 'look-alike' && <span class="points">{[...text].map(codePoint).join(' ')}</span>}
      <span class="unseen">{say(`mark.${mark}`)}</span>
    </mark>
  )
}

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`

function Suspicions({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null
  return (
    <Callout tone="warning" title={say('mark.title')}>
      <ul>
        {marks.map(mark => (
          <li key={mark}>{say(`mark.${mark}_why`)}</li>
        ))}
      </ul>
      <p>{say('mark.next')}</p>
    </Callout>
  )
}
