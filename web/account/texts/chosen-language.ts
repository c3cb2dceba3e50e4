/** The first of the reader's languages that the page speaks, else English. */
const SPOKEN = ['en', 'fr'] as const
export type Language = (typeof SPOKEN)[number]

export function chosenLanguage(wanted: readonly string[]): Language {
  const bases = wanted.map(one => one.toLowerCase().split('-')[0])
  return SPOKEN.find(one => one === bases.find(base => SPOKEN.some(spoken => spoken === base))) ?? 'en'
}
