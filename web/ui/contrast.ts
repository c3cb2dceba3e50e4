/**
 * The colour of a service comes from its policy, from strangers: it becomes an accent only after it stands out from the paper
 * (WCAG 2.2, 1.4.11: 3 to 1), and text on it gets black or white, whichever reads better (1.4.3: always 4.5 to 1 for one of them).
 */
export interface Sign {
  readonly colour: string
  readonly text: '#000000' | '#ffffff'
}

const form = /^#[0-9a-f]{6}$/
const FALLBACK = '#0b5d4e'
const LEAST = 3
const STEPS = 20

type Rgb = readonly [number, number, number]

/** As it was given, with text that reads on it. */
export function signIn(wanted: string | undefined): Sign {
  const colour = known(wanted)
  return { colour, text: textOn(rgb(colour)) }
}

/** Mixed towards black or white until it stands out from the paper. */
export function accentOn(paper: string, wanted: string | undefined): string {
  const start = rgb(known(wanted))
  const ground = luminance(rgb(paper))
  const target: Rgb = ground > 0.18 ? [0, 0, 0] : [255, 255, 255]
  for (let step = 0; step < STEPS; step++) {
    const mixed = hex(mix(start, target, step / STEPS))
    if (contrast(mixed, paper) >= LEAST) return mixed
  }
  return hex(target)
}

export function contrast(one: string, other: string): number {
  return ratio(luminance(rgb(one)), luminance(rgb(other)))
}

const known = (wanted: string | undefined) => (wanted !== undefined && form.test(wanted) ? wanted : FALLBACK)

function textOn(colour: Rgb): Sign['text'] {
  const light = luminance(colour)
  return ratio(light, 1) >= ratio(light, 0) ? '#ffffff' : '#000000'
}

function ratio(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(value: number): number {
  const part = value / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

const mix = (from: Rgb, to: Rgb, share: number) =>
  from.map((value, at) => value + ((to[at] ?? 0) - value) * share) as unknown as Rgb
const rgb = (text: string): Rgb => [1, 3, 5].map(at => Number.parseInt(text.slice(at, at + 2), 16)) as unknown as Rgb
const hex = (colour: Rgb) => `#${colour.map(value => Math.round(value).toString(16).padStart(2, '0')).join('')}`
