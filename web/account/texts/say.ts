/**
 * Texts of this page by their key, in the first of the reader's languages that it speaks. Words about the rules of passwords are those of
 * the sign-in portal, so that people read the same sentence in both places.
 */
import { isolated } from '@countersign/protocol/portal/isolated.ts'
import type { RuleName } from '@countersign/protocol/portal/rules.ts'
import { en as portalEn } from '@countersign/protocol/portal/texts-en.ts'
import { fr as portalFr } from '@countersign/protocol/portal/texts-fr.ts'
import { chosenLanguage } from './chosen-language.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'

export type TextKey = keyof typeof en
type RuleKey =
  `rule.${Exclude<RuleName, 'characterRange'> | 'onlyNum' | 'onlyAlpha' | 'onlyAlphaNum' | 'kept' | 'broken'}`

const languages = { en: { ...portalEn, ...en }, fr: { ...portalFr, ...fr } } as const

export const language = chosenLanguage(globalThis.navigator?.languages ?? [])
const texts: Readonly<Record<TextKey | RuleKey | 'rules.title', string>> = languages[language]

export function say(key: TextKey | RuleKey | 'rules.title', values: Readonly<Record<string, string>> = {}): string {
  return texts[key].replace(/\{([a-z_]+)\}/g, (whole, name: string) => isolated(values[name] ?? whole))
}

// Days are written as the reader's own country writes them.
const locale = globalThis.navigator?.languages.find(one => one.toLowerCase().startsWith(language)) ?? language
const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
export const day = (time: string): string => dates.format(new Date(time))
export const moment = (time: string): string => moments.format(new Date(time))
export const listed = (words: readonly string[]): string => new Intl.ListFormat(language).format(words)
