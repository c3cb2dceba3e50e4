/** All rules of the house over a list of files. Pure: what is found depends on the list only. */
import { barrels } from './barrels.ts'
import { circles } from './circles.ts'
import { layering } from './layering.ts'
import { names } from './names.ts'
import { purity } from './purity.ts'
import { sizes } from './sizes.ts'
import type { Finding, SourceFile } from './source-file.ts'
import { words } from './words.ts'

export const rules = { layering, circles, barrels, purity, sizes, names, words } as const

export function scan(files: readonly SourceFile[]): Finding[] {
  return Object.values(rules).flatMap(rule => rule(files))
}
