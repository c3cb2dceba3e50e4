/**
 * Reading the members of one object of the document. A wrong value is noted and a harmless one is given in its place, so
 * that reading goes on; a document with problems never becomes a workflow. `null` is no way to leave a member out.
 */
import { bounds } from '#workflow/bounds.ts'
import { below } from '#workflow/pointer.ts'
import type { Notes } from '#workflow/problem.ts'
import type { Reference } from '#workflow/reference.ts'

export interface Members {
  readonly at: string
  readonly notes: Notes
  has(name: string): boolean
  value(name: string): unknown
  /** Where the member stands. */
  place(name: string): string
  /** `''` when it is missing or wrong. */
  neededText(name: string, most?: number): string
  text(name: string, most?: number): string | undefined
  flag(name: string): boolean | undefined
  whole(name: string, most: number): number | undefined
  /** One of the words, in any case; given in the spelling of the list. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined
  /** A name of something that the document defines elsewhere. */
  reference(name: string): Reference | undefined
  /** The items that could be read; none when it is absent. */
  list<Item>(name: string, most: number, read: (item: unknown, at: string) => Item | undefined): Item[]
}

/** What becomes of a name that is not part of the language: kept and unread, or refused where it could narrow something. */
export type Strangers = 'are kept' | 'are refused'

export function membersOf(
  value: unknown,
  at: string,
  notes: Notes,
  known: readonly string[],
  strangers: Strangers = 'are kept',
): Members | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    notes.problem(at, 'an object', value)
    return undefined
  }
  judgeNames(Object.keys(value), at, notes, known, strangers)
  return readers(value as Record<string, unknown>, at, notes)
}

function readers(object: Record<string, unknown>, at: string, notes: Notes): Members {
  const has = (name: string) => Object.hasOwn(object, name)
  const value = (name: string) => (has(name) ? object[name] : undefined)
  const place = (name: string) => below(at, name)
  const text = (name: string, most: number = bounds.word) =>
    has(name) ? textOf(value(name), place(name), notes, most) : undefined
  return {
    ...{ at, notes, has, value, place, text },

    neededText(name, most = bounds.id) {
      const read = textOf(value(name), place(name), notes, most)
      if (read !== '') return read ?? ''
      notes.problem(place(name), 'a text that is not empty', '')
      return ''
    },

    flag(name) {
      const read = value(name)
      if (has(name) && typeof read !== 'boolean') notes.problem(place(name), 'true or false, without quotes', read)
      return typeof read === 'boolean' ? read : undefined
    },

    whole(name, most) {
      const read = value(name)
      if (typeof read === 'number' && Number.isInteger(read) && read >= 1 && read <= most) return read
      if (has(name)) notes.problem(place(name), `a whole number from 1 to ${most}`, read)
      return undefined
    },

    word(name, words) {
      const read = value(name)
      const found = typeof read === 'string' ? words.find(one => one.toLowerCase() === read.toLowerCase()) : undefined
      if (has(name) && found === undefined) notes.problem(place(name), `one of ${words.join(', ')}`, read)
      return found
    },

    reference: name => (has(name) ? referenceOf(value(name), place(name), notes) : undefined),

    list(name, most, read) {
      const items = value(name)
      if (!has(name)) return []
      if (!Array.isArray(items) || items.length > most) {
        notes.problem(place(name), `a list of at most ${most}`, items)
        return []
      }
      return items.map((item, n) => read(item, below(place(name), n))).filter(item => item !== undefined)
    },
  }
}

export function textOf(value: unknown, at: string, notes: Notes, most: number): string | undefined {
  if (typeof value === 'string' && value.length <= most) return value
  notes.problem(at, `a text of at most ${most} characters`, value)
  return undefined
}

/** A name in a list of names, or alone in place of the list. */
export function referenceOf(value: unknown, at: string, notes: Notes): Reference | undefined {
  const id = textOf(value, at, notes, bounds.id)
  if (id === '') notes.problem(at, 'a name', id)
  return id ? { id, at } : undefined
}

/** `type` and `class`, `stepUp` and `step_up`: either spelling, or both when they say the same. */
export function wordInEither<Word extends string>(
  members: Members,
  names: readonly [string, string],
  words: readonly Word[],
): { readonly word: Word; readonly at: string } | undefined {
  const [first, second] = names.map(name => ({ word: members.word(name, words), at: members.place(name) }))
  if (!first?.word) return second?.word && { word: second.word, at: second.at }
  if (second?.word && second.word !== first.word)
    members.notes.problem(second.at, `the same as ${names[0]}, or only one of both`, members.value(names[1]))
  return { word: first.word, at: first.at }
}

/**
 * A name that differs from a known one only by case, `_` or `-` was meant to be that one; passing over it could switch a
 * step-up off. Any other stranger changes nothing and is kept, but for places where it could only have narrowed something.
 */
function judgeNames(
  names: readonly string[],
  at: string,
  notes: Notes,
  known: readonly string[],
  strangers: Strangers,
): void {
  for (const name of names) {
    if (known.includes(name)) continue
    const meant = known.find(one => fold(one) === fold(name))
    if (meant !== undefined) notes.problem(below(at, name), `the name spelled ${meant}`, name)
    else if (strangers === 'are refused') notes.problem(below(at, name), `only ${known.join(', ')}`, name)
    else notes.unreadMember(below(at, name))
  }
}

const fold = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '')
