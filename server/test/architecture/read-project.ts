/**
 * Reads every text file of the project that is kept in the repository: sources, documents, scripts, settings of tools.
 * What is built, installed or bigger than a megabyte is left out.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SourceFile } from './source-file.ts'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.countersign', 'coverage', 'tmp'])
const TEXT =
  /\.(?:ts|js|mjs|json|md|ya?ml|xml|sql|html|css|csv|txt)$|^(?:Dockerfile|run|LICENSE|\.dockerignore|\.npmrc|\.gitignore)$/
const BIGGEST_BYTES = 1 << 20

export function readProject(): SourceFile[] {
  return [...filesBelow(ROOT)].map(file => ({
    path: relative(ROOT, file).split(sep).join('/'),
    text: readFileSync(file, 'utf8'),
  }))
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) yield* filesBelow(path)
    else if (entry.isFile() && TEXT.test(entry.name) && statSync(path).size <= BIGGEST_BYTES) yield path
  }
}
