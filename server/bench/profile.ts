/**
 * Where our server's time goes: reads what `node --cpu-prof` wrote (the .cpuprofile of the Chrome DevTools Protocol) and
 * adds up self time by function and by file. A worker thread writes a profile of its own; the longest is the main thread's.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const LINES = 45
/** Not work: waiting for requests. */
const IDLE = '(idle)'

/** Lines to print; shares are of the time at work after the first `skip_ms`, which were the start and the warming up. */
export function profileLines(folder: string, skip_ms: number): readonly string[] {
  const files = readdirSync(folder).filter(name => name.endsWith('.cpuprofile'))
  const largest = files.map(name => join(folder, name)).sort((a, b) => statSync(b).size - statSync(a).size)[0]
  if (largest === undefined) throw new Error(`no profile was written to ${folder}`)
  const profile = JSON.parse(readFileSync(largest, 'utf8')) as Profile
  const frames = new Map(profile.nodes.map(node => [node.id, node.callFrame]))
  const byFunction = new Map<string, number>()
  const byFile = new Map<string, number>()
  let working = 0
  let at_us = 0
  profile.samples.forEach((id, n) => {
    const frame = frames.get(id)
    const took = profile.timeDeltas[n] ?? 0
    at_us += took
    if (!frame || frame.functionName === IDLE || at_us < skip_ms * 1000) return
    const file = shortened(frame.url)
    working += took
    add(byFunction, `${frame.functionName || '(anonymous)'}  ${file}${file ? `:${frame.lineNumber + 1}` : ''}`, took)
    add(byFile, file || frame.functionName || '(native)', took)
  })
  return [
    `${largest}: ${(working / 1e6).toFixed(1)} s at work`,
    '',
    'self time by function',
    ...shares(byFunction, working, LINES),
    '',
    'self time by file',
    ...shares(byFile, working, LINES),
  ]
}

function add(sums: Map<string, number>, name: string, more: number): void {
  sums.set(name, (sums.get(name) ?? 0) + more)
}

function shares(sums: ReadonlyMap<string, number>, whole: number, most: number): readonly string[] {
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, sum]) => `${((sum / whole) * 100).toFixed(1).padStart(6)} %  ${name}`)
}

const shortened = (url: string): string =>
  url.replace(/^file:\/\//, '').replace(/^.*\/(?=server\/dist|node_modules\/|protocol\/dist)/, '')
