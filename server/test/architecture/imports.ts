/**
 * What a file imports, by its text: static imports and exports, side-effect imports, `import()` of a fixed name (types
 * too). Names inside the project come back as paths from the root, all others as they stand.
 */
import { posix } from 'node:path'
import type { SourceFile } from './source-file.ts'
import { withoutComments } from './without-comments.ts'

export interface Import {
  readonly from: string
  readonly to: string
  /** As it is written. */
  readonly name: string
}

const FORMS = [
  /^import\s+(?:type\s+)?[\w$*\s{},]+?\s*from\s*['"]([^'"]+)['"]/gm,
  /^export\s+(?:type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s*['"]([^'"]+)['"]/gm,
  /^import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
]

export function importsOf({ path, text }: SourceFile): Import[] {
  const code = withoutComments(text)
  const names = FORMS.flatMap(form => [...code.matchAll(form)].map(found => found[1] as string))
  return [...new Set(names)].map(name => ({ from: path, to: targetOf(path, name), name }))
}

function targetOf(path: string, name: string): string {
  if (name.startsWith('#')) return `server/src/${name.slice(1)}`
  if (name.startsWith('@countersign/protocol/')) return name.replace('@countersign/protocol/', 'protocol/src/')
  if (name.startsWith('.')) return posix.join(posix.dirname(path), name)
  return name
}
