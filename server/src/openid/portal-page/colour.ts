/**
 * The colours of a theme come from strangers. They become plain `#rrggbb` or nothing, and text on them gets the one of black and
 * white that reads (WCAG 2.2, 1.4.3). Where neither keeps 4.5 to 1 over the whole gradient, text gets a plate of its own.
 */
import { colourNames } from '#openid/portal-page/colour-names.ts'

type Rgb = readonly [number, number, number]
export type TextOn = 'light' | 'dark' | 'plate'

const LEAST = 4.5
const SAMPLES = 16
const LONGEST = 64

/** `#rrggbb`, or undefined for what is not a colour we read: names, #rgb, #rrggbb (also with alpha, which is dropped), rgb(). */
export function readColour(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  const text = value.trim().toLowerCase()
  if (Object.hasOwn(colourNames, text)) return colourNames[text]
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?$/.exec(text)
  if (short) return `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`
  const long = /^#([0-9a-f]{6})(?:[0-9a-f]{2})?$/.exec(text)
  if (long) return `#${long[1]}`
  const parts = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*[\d.]+%?\s*)?\)$/.exec(text)
  return parts ? hex(parts.slice(1, 4).map(part => Math.min(255, Number(part))) as unknown as Rgb) : undefined
}

/** Which text reads everywhere between the two colours. */
export function textOn(start: string, end: string): TextOn {
  const from = rgb(start)
  const to = rgb(end)
  const grounds = Array.from({ length: SAMPLES + 1 }, (_, at) => luminance(mix(from, to, at / SAMPLES)))
  const worst = (text: number) => Math.min(...grounds.map(ground => ratio(ground, text)))
  const light = worst(1)
  const dark = worst(0)
  if (Math.max(light, dark) < LEAST) return 'plate'
  return light >= dark ? 'light' : 'dark'
}

function ratio(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)

function linear(value: number): number {
  const part = value / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

const mix = (from: Rgb, to: Rgb, share: number) =>
  from.map((value, at) => value + ((to[at] ?? 0) - value) * share) as unknown as Rgb
const rgb = (text: string): Rgb => [1, 3, 5].map(at => Number.parseInt(text.slice(at, at + 2), 16)) as unknown as Rgb
const hex = (colour: Rgb) => `#${colour.map(value => Math.round(value).toString(16).padStart(2, '0')).join('')}`
