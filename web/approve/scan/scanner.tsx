/** The scanner: the camera's picture, and an image from the device where there is no camera or no leave to use it. */
import type { ScanVia } from '@countersign/protocol/approve/request.ts'
import { useEffect, useRef, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Callout } from '../../ui/callout.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type CameraProblem, watchCamera } from './camera.ts'
import { openQrReader } from './qr-reader.ts'

export type Found = (text: string, via: ScanVia) => void

export function Scanner({ found, problem }: { found: Found; problem?: string | undefined }) {
  const video = useRef<HTMLVideoElement>(null)
  const [camera, setCamera] = useState<CameraProblem>()
  const latest = useRef(found)
  latest.current = found
  useEffect(() => {
    const closing = new AbortController()
    const seen = (text: string) => latest.current(text, 'camera')
    watchCamera(video.current as HTMLVideoElement, seen, closing.signal).then(setCamera)
    return () => closing.abort()
  }, [])
  return (
    <div class="scanner">
      {camera ? (
        <Callout tone="warning" title={say(`scan.camera_${camera}`)} announced>
          <p>{say(camera === 'refused' ? 'scan.camera_allow' : 'scan.camera_instead')}</p>
        </Callout>
      ) : (
        <div class="finder">
          <video ref={video} muted playsInline aria-label={say('scan.picture')} />
          <span class="frame" aria-hidden="true" />
        </div>
      )}
      {problem && <Callout tone="error" title={problem} announced />}
      <ImageChoice found={found} />
    </div>
  )
}

export function ImageChoice({ found }: { found: Found }) {
  const [failed, setFailed] = useState(false)
  const choose = async (input: HTMLInputElement) => {
    const file = input.files?.[0]
    if (!file) return
    const text = await qrIn(file)
    input.value = ''
    setFailed(text === undefined)
    if (text !== undefined) found(text, 'image')
  }
  return (
    <>
      <label class="button chooser">
        <Icon name="image" size={20} />
        <span>{say('scan.choose_image')}</span>
        <input class="unseen" type="file" accept="image/*" onChange={event => choose(event.currentTarget)} />
      </label>
      {failed && <Callout tone="error" title={say('scan.no_code_in_image')} announced />}
    </>
  )
}

async function qrIn(file: File): Promise<string | undefined> {
  try {
    const [picture, read] = await Promise.all([createImageBitmap(file), openQrReader()])
    return await read(picture)
  } catch {
    return undefined
  }
}
