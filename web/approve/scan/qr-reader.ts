/**
 * Finds a QR code in a picture: by the browser's own detector where there is one (Shape Detection API), else by a program that is
 * fetched when first needed. Both work on this device; no picture leaves it.
 */
export type Picture = HTMLVideoElement | ImageBitmap
export type QrReader = (picture: Picture) => Promise<string | undefined>

interface Detector {
  detect(picture: Picture): Promise<readonly { readonly rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

// Enough for a dense code, little enough to be quick.
const LONGEST_EDGE = 1000

export async function openQrReader(): Promise<QrReader> {
  const Known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (Known && (await formatsOf(Known)).includes('qr_code')) {
    const detector = new Known({ formats: ['qr_code'] })
    return async picture => (await detector.detect(picture))[0]?.rawValue
  }
  return readerByProgram()
}

const formatsOf = (known: DetectorClass): Promise<readonly string[]> => known.getSupportedFormats().catch(() => [])

async function readerByProgram(): Promise<QrReader> {
  const { default: jsQr } = await import('jsqr')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('this browser draws no pictures')
  return async picture => {
    const { width, height } = sizeOf(picture)
    const scale = Math.min(1, LONGEST_EDGE / Math.max(width, height, 1))
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    if (canvas.width === 0 || canvas.height === 0) return undefined
    context.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    return jsQr(data, canvas.width, canvas.height)?.data
  }
}

function sizeOf(picture: Picture): { width: number; height: number } {
  if (picture instanceof ImageBitmap) return picture
  return { width: picture.videoWidth, height: picture.videoHeight }
}
