/** Texts of the account page: each language says everything, with the same values; the first of the reader's languages counts. */
import { expect, test } from 'vitest'
import { chosenLanguage } from '../account/texts/chosen-language.ts'
import { en } from '../account/texts/en.ts'
import { fr } from '../account/texts/fr.ts'
import { say } from '../account/texts/say.ts'

const valuesIn = (text: string) => [...text.matchAll(/\{[a-z_]+\}/g)].map(([value]) => value).sort()

test('French says everything with the same values', () => {
  expect(Object.keys(fr)).toEqual(Object.keys(en))
  const values = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, valuesIn(text)]))
  expect(values(fr)).toEqual(values(en))
})

test('a name that turns the direction does not turn the sentence', () => {
  expect(say('device.remove.of', { device: '\u202eknaB' })).toBe('Remove \u2068\u202eknaB\u2069')
})

test.each([
  [['de-CH', 'fr-CH', 'en'], 'fr'],
  [['FR'], 'fr'],
  [['en-GB', 'fr'], 'en'],
  [['constructor'], 'en'],
  [[], 'en'],
])('the language for %j is %s', (wanted, language) => {
  expect(chosenLanguage(wanted)).toBe(language)
})
