/**
 * Refusals as the text of a file shows them: those an endpoint throws must be among those it declares. Seen by file, since
 * a file holds one endpoint or a family that shares its declarations; what deeper rooms throw is not seen here (the
 * carrier logs a refusal that an endpoint does not declare).
 */
import type { Finding, SourceFile } from './source-file.ts'
import { withoutComments } from './without-comments.ts'

/** Codes written in `new Refusal(…)`: the first argument, both branches of a choice. */
export function thrownIn(text: string, codes: ReadonlySet<string>): string[] {
  const calls = [...withoutComments(text).matchAll(/\bnew Refusal\(([^;{]*)/g)]
  return calls.flatMap(([, rest = '']) => quoted(firstArgument(rest)).filter(word => codes.has(word)))
}

export function declaredIn(text: string): string[] | undefined {
  const lists = [...withoutComments(text).matchAll(/\brefusals:\s*\[([^\]]*)\]/g)].map(found => found[1] as string)
  // A list that spreads or names another one is not visible here; nothing is said about such a file.
  if (lists.length === 0 || lists.some(list => /\.\.\./.test(list))) return undefined
  return lists.flatMap(quoted)
}

export function undeclared(files: readonly SourceFile[], codes: ReadonlySet<string>): Finding[] {
  return files.flatMap(({ path, text }) => {
    const declared = declaredIn(text)
    if (declared === undefined) return []
    return [...new Set(thrownIn(text, codes))]
      .filter(code => !declared.includes(code))
      .map(code => ({ rule: 'refusal', path, what: `refuses with ${code} and does not declare it` }))
  })
}

const quoted = (text: string) => [...text.matchAll(/'(\w+)'/g)].map(found => found[1] as string)

function firstArgument(text: string): string {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && depth-- === 0) return text.slice(0, at)
    if (text[at] === ',' && depth === 0) return text.slice(0, at)
  }
  return text
}
