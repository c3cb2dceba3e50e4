/**
 * Every text that people read comes from here, by its key. The words in braces are part of the key's type: a text is not said
 * without its values, nor with others. What is not in the reader's language is a type error, not English in between.
 */
import { en } from './en.ts'

export type TextKey = keyof typeof en
export type Texts = Readonly<Record<TextKey, string>>

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Values<Key extends TextKey> = Readonly<Record<Names<(typeof en)[Key]>, string>>
type Arguments<Key extends TextKey> = [Names<(typeof en)[Key]>] extends [never] ? [] : [Values<Key>]

const languages: Readonly<Record<string, Texts>> = { en }
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur']

/** The first of the reader's languages that we speak, else English. */
export function chosenLanguage(wanted: readonly string[]): string {
  const spoken = wanted.map(one => one.split('-')[0] as string).find(one => Object.hasOwn(languages, one))
  return spoken ?? 'en'
}

export const language = chosenLanguage(globalThis.navigator?.languages ?? [])
export const direction = RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr'
const texts: Texts = languages[language] ?? en

export function say<Key extends TextKey>(key: Key, ...values: Arguments<Key>): string {
  const given: Readonly<Record<string, string>> = values[0] ?? {}
  return texts[key].replace(/\{([a-z_]+)\}/g, (whole, name: string) => isolated(given[name] ?? whole))
}

const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/

/** A name that runs the other way must not turn the sentence around it: first strong isolate (UAX #9, 2.4). */
const isolated = (value: string) => (direction === 'rtl' || TURNS.test(value) ? `\u2068${value}\u2069` : value)
