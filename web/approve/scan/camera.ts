/**
 * The live camera, looked at five times a second until it shows a QR code. A code counts as seen by the camera only when it came
 * through here: silent signing depends on it (approve protocol, section 7).
 */
import { openQrReader } from './qr-reader.ts'

export type CameraProblem = 'refused' | 'missing' | 'busy' | 'unsupported'

const PAUSE_MILLISECONDS = 200

export async function watchCamera(
  video: HTMLVideoElement,
  seen: (text: string) => void,
  signal: AbortSignal,
): Promise<CameraProblem | undefined> {
  if (!navigator.mediaDevices?.getUserMedia) return 'unsupported'
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  } catch (reason) {
    return problemOf(reason)
  }
  const stop = () => {
    for (const track of stream.getTracks()) track.stop()
  }
  if (signal.aborted) return void stop()
  signal.addEventListener('abort', stop, { once: true })
  video.srcObject = stream
  await video.play().catch(() => undefined)
  const read = await openQrReader()
  while (!signal.aborted) {
    const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await read(video) : undefined
    if (text && !signal.aborted) seen(text)
    await new Promise(resolve => setTimeout(resolve, PAUSE_MILLISECONDS))
  }
  return undefined
}

function problemOf(reason: unknown): CameraProblem {
  const name = reason instanceof DOMException ? reason.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'missing'
}
