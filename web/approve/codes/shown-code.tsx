/** A code with the time it is good for; copied by a button, read out digit by digit. */
import type { Code } from '@countersign/sdk/container.ts'
import { useEffect, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { spanOf } from '../../texts/times.ts'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/now.ts'
import { Ring } from '../../ui/ring.tsx'

/** A code and the moment it ends by this device's clock; codes that count events do not end. */
export interface TimedCode {
  readonly code: string
  readonly until_ms?: number
  readonly whole_seconds: number
}

export function timedCode({ code, validFor_seconds }: Code, step = 30): TimedCode {
  if (validFor_seconds === undefined) return { code, whole_seconds: step }
  const whole_seconds = Math.max(step, validFor_seconds)
  return { code, until_ms: Date.now() + validFor_seconds * 1000, whole_seconds }
}

export function ShownCode({ timed, ended }: { timed: TimedCode; ended: () => void }) {
  const { code, until_ms, whole_seconds } = timed
  const left = until_ms === undefined ? undefined : (until_ms - useNow()) / 1000
  const over = left !== undefined && left <= 0
  // Once, when the time is over
  useEffect(() => {
    if (over) ended()
  }, [over])
  return (
    <div class="shown-code">
      <p class="code" dir="ltr">
        <span aria-hidden="true">{grouped(code)}</span>
        <span class="unseen" role="status">
          {say('code.is', { digits: [...code].join(' ') })}
        </span>
      </p>
      {left !== undefined && (
        <div class="time-left">
          <Ring left={left} whole={whole_seconds} />
          <span>{say('code.left', { span: spanOf(left) })}</span>
        </div>
      )}
      <CopyButton text={code} />
    </div>
  )
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  if (!navigator.clipboard) return null
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <>
      <Button kind="text" icon={copied ? 'tick' : 'copy'} press={() => void copy()}>
        {say(copied ? 'code.copied' : 'code.copy')}
      </Button>
      <span class="unseen" role="status">
        {copied ? say('code.copied') : ''}
      </span>
    </>
  )
}

const grouped = (code: string) => {
  const half = Math.ceil(code.length / 2)
  return code.length < 6 ? code : `${code.slice(0, half)} ${code.slice(half)}`
}
