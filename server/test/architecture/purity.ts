/**
 * Pure rooms give the same answer for the same arguments: no node, no clock, no randomness, no network, no timer. In the
 * other rooms the machine's clock and randomness are read in one place only, and no module keeps a value that changes.
 */
import { importsOf } from './imports.ts'
import { CLOCK_ROOMS, PURE_FILES, rooms } from './rooms.ts'
import { type Finding, isProduct, roomOf, type SourceFile } from './source-file.ts'
import { withoutComments } from './without-comments.ts'

const CLOCK: Readonly<Record<string, RegExp>> = {
  'Date.now': /\bDate\s*\.\s*now\b/,
  'new Date() without an argument': /\bnew\s+Date\s*(?:\(\s*\)|(?![\w\s(]))/,
  'Date() as a function': /(?<!new\s+)(?<![\w.])Date\s*\(/,
  'Math.random': /\bMath\s*\.\s*random\b/,
}
const OUTSIDE: Readonly<Record<string, RegExp>> = {
  'the performance clock': /\bperformance\s*\./,
  'the process': /(?<![\w.'])process\s*\./,
  'the global crypto': /(?<![\w.#'/])crypto\s*\./,
  'a Buffer': /\bBuffer\s*\./,
  'a timer': /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\s*\(/,
  'the network': /(?<![\w.#])fetch\s*\(/,
  globalThis: /\bglobalThis\b/,
}
const CHANGES = /^(?:export\s+)?(?:let|var)\s+[\w$]+/m

export function purity(files: readonly SourceFile[]): Finding[] {
  return files.filter(isProduct).flatMap(file => {
    const code = withoutComments(file.text)
    const words = [
      ...wordsIn(code, forbiddenIn(file.path)),
      ...(CHANGES.test(code) ? ['a module-level value that changes'] : []),
    ]
    const modules = isPure(file.path) ? importsOf(file).filter(({ to }) => to.startsWith('node:')) : []
    return [...words, ...modules.map(({ name }) => name)].map(what => ({ rule: 'purity', path: file.path, what }))
  })
}

function isPure(path: string): boolean {
  return rooms[roomOf(path) ?? '']?.pure === true || PURE_FILES.includes(path)
}

function forbiddenIn(path: string): Readonly<Record<string, RegExp>> {
  if (isPure(path)) return { ...CLOCK, ...OUTSIDE }
  const room = roomOf(path)
  return room === undefined || CLOCK_ROOMS.includes(room) ? {} : CLOCK
}

const wordsIn = (code: string, forbidden: Readonly<Record<string, RegExp>>) =>
  Object.entries(forbidden)
    .filter(([, form]) => form.test(code))
    .map(([word]) => word)
