/** The languages of a reader, the best first: those the application asked for (`ui_locales`), then the browser's (RFC 9110, 12.5.4). */
const TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/
const MOST = 10
const LONGEST_HEADER = 1000

export function readerLanguages(locales: string | undefined, acceptLanguage: string | undefined): readonly string[] {
  const asked = (locales ?? '').slice(0, LONGEST_HEADER).split(/\s+/)
  const accepted = (acceptLanguage ?? '')
    .slice(0, LONGEST_HEADER)
    .split(',')
    .map(one => /^\s*([^;\s]+)\s*(?:;\s*q=([\d.]+))?/.exec(one))
    .map(found => ({ tag: found?.[1] ?? '', weight: Number(found?.[2] ?? 1) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
  return [...new Set([...asked, ...accepted])].filter(tag => TAG.test(tag)).slice(0, MOST)
}
