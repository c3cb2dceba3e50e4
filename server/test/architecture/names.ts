/** Files are named after the thing on the wire or in the standard, in lower case with hyphens; drawers have no name. */
import { type Finding, isTypeScript, type SourceFile } from './source-file.ts'

const DRAWER = /^(?:utils?|helpers?|commons?|managers?|services?|index|misc|shared|lib)$/
const DRAWER_ENDING = /-(?:utils?|helpers?|managers?|services?)$/
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

export function names(files: readonly SourceFile[]): Finding[] {
  return files.filter(isTypeScript).flatMap(({ path }) => {
    const parts = path.replace(/(?:\.test|\.config|\.d)?\.ts$/, '').split('/')
    return parts.flatMap(part => {
      if (DRAWER.test(part) || DRAWER_ENDING.test(part)) return [{ rule: 'name', path, what: `${part} names a drawer` }]
      return KEBAB.test(part) ? [] : [{ rule: 'name', path, what: `${part} is not in lower case with hyphens` }]
    })
  })
}
