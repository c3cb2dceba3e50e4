/**
 * Files that import one another in a circle, of types or of values: neither can be understood without the other. Each
 * circle is told once, from its first file in alphabetical order.
 */
import { importsOf } from './imports.ts'
import { type Finding, isProduct, type SourceFile } from './source-file.ts'

export function circles(files: readonly SourceFile[]): Finding[] {
  const product = [...files].filter(isProduct).sort((a, b) => (a.path < b.path ? -1 : 1))
  const edges = new Map(product.map(file => [file.path, importsOf(file).map(({ to }) => to)]))
  const done = new Set<string>()
  const findings: Finding[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const place = trail.indexOf(path)
    if (place >= 0) {
      const circle = [...trail.slice(place), path]
      findings.push({ rule: 'circle', path, what: circle.join(' → ') })
      return
    }
    if (done.has(path)) return
    for (const next of edges.get(path) ?? []) if (edges.has(next)) walk(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) walk(path, [])
  return findings
}
