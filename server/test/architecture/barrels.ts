/** A file that only hands on what others export ties all of them into one: every import of one is an import of all. */
import { type Finding, isTypeScript, type SourceFile } from './source-file.ts'
import { withoutComments } from './without-comments.ts'

const HANDED_ON = /^export\s+(?:type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s*['"][^'"]+['"];?/gm

export function barrels(files: readonly SourceFile[]): Finding[] {
  return files.filter(isTypeScript).flatMap(({ path, text }) => {
    const code = withoutComments(text).trim()
    const isBarrel = code !== '' && code.replaceAll(HANDED_ON, '').trim() === ''
    return isBarrel ? [{ rule: 'barrel', path, what: 'only hands on what other files export' }] : []
  })
}
