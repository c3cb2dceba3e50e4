/**
 * Words that must not stand in the project: papers and places that a clone does not have, promises instead of work, tests
 * that are left out, and checks that are switched off. The forms are written so that this file does not find itself.
 */
import type { Finding, SourceFile } from './source-file.ts'

interface Forbidden {
  readonly what: string
  readonly form: RegExp
  /** The only files in which it may stand. */
  readonly but?: RegExp
}

const forbidden: readonly Forbidden[] = [
  { what: 'a path outside of the repository', form: /\.\.\/shar[e]d\b|\/work\/shar[e]d\b/, but: /^\.ci\/run$/ },
  { what: 'a script outside of the repository', form: /\bwal[k]\.mjs\b/, but: /^\.ci\/run$/ },
  { what: 'a folder of the workplace', form: /\/work\/mai[n]\b|\.librar[y]\/|\/tmp\/helper[s]/ },
  { what: 'a mark of unfinished work', form: /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/ },
  { what: 'a promise instead of work', form: /\bnot (?:yet )?implemente[d]\b|\bcoming soo[n]\b/i },
  { what: 'a test that keeps the others from running', form: /\b(?:it|test|describe)\.onl[y]\b/ },
  { what: 'a type check switched off', form: /@ts-(?:ignor[e]|nochec[k])/ },
  { what: 'the host of a package registry', form: /registry\.npmj[s]|deb\.debia[n]\.org/ },
]

export function words(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) =>
    forbidden
      .filter(({ form, but }) => form.test(text) && !but?.test(path))
      .map(({ what, form }) => ({ rule: 'word', path, what: `${what}, at line ${lineOf(text, form)}` })),
  )
}

const lineOf = (text: string, form: RegExp) => text.slice(0, text.search(form)).split('\n').length
