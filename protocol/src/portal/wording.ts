/**
 * Texts of the portal by their key: a theme's own where it has one (`localization.hid_portal.{lang}`), else ours. A factor may send a key
 * to another one of the theme (`localizationKeyRedefinition`). One page speaks one language: a language that only the theme speaks counts
 * when the theme has all of our texts in it.
 */
import { isolated } from './isolated.ts'
import { en, type TextKey, type Texts } from './texts-en.ts'
import { fr } from './texts-fr.ts'

export type Say = (
  key: TextKey,
  values?: Readonly<Record<string, string>>,
  labels?: Readonly<Record<string, string>>,
) => string

export interface Wording {
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  readonly say: Say
}

type OwnTexts = Readonly<Record<string, string>>

const SHIPPED: Readonly<Record<string, Texts>> = { en, fr }
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur']
const LONGEST_TEXT = 1000

/** `languages`: the reader's, first the best. `theme`: the payload of a theme, or anything else, which then has no texts. */
export function wordingOf(languages: readonly string[], theme: unknown): Wording {
  const own = textsOfTheme(theme)
  const known = (one: string) => Object.hasOwn(SHIPPED, one) || isWhole(own[one])
  const language = languages.flatMap(one => [one.toLowerCase(), base(one)]).find(known) ?? 'en'
  const ours = SHIPPED[language] ?? SHIPPED[base(language)] ?? en
  const theirs = own[language] ?? own[base(language)] ?? {}
  return {
    language,
    direction: RIGHT_TO_LEFT.includes(base(language)) ? 'rtl' : 'ltr',
    say(key, values = {}, labels = {}) {
      const other = member(labels, key)
      const text = (other === undefined ? undefined : member(theirs, other)) ?? member(theirs, key) ?? ours[key]
      return text.replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) => isolated(member(values, name) ?? whole))
    },
  }
}

/** Number of seconds as a reader says it: whole days, hours, minutes. */
export function spanText(language: string, seconds: number): string {
  const [unit, size] = seconds >= 172_800 ? ['day', 86_400] : seconds >= 7200 ? ['hour', 3600] : ['minute', 60]
  const amount = Math.max(1, Math.floor(seconds / (size as number)))
  return new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay: 'long' }).format(amount)
}

function textsOfTheme(theme: unknown): Readonly<Record<string, OwnTexts>> {
  const portal = part(part(theme, 'localization'), 'hid_portal')
  const languages = typeof portal === 'object' && portal !== null ? Object.entries(portal) : []
  return Object.fromEntries(languages.map(([name, texts]) => [name.replace('_', '-').toLowerCase(), onlyTexts(texts)]))
}

function onlyTexts(texts: unknown): OwnTexts {
  const pairs = Object.entries(typeof texts === 'object' && texts !== null ? texts : {})
  return Object.fromEntries(
    pairs.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text.slice(0, LONGEST_TEXT)]] : [])),
  )
}

const isWhole = (texts: OwnTexts | undefined): boolean =>
  texts !== undefined && Object.keys(en).every(key => Object.hasOwn(texts, key))

const base = (language: string): string => language.split('-')[0]!.toLowerCase()

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

const member = (texts: OwnTexts, name: string): string | undefined =>
  Object.hasOwn(texts, name) ? texts[name] : undefined
