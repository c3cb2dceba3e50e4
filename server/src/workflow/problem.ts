/**
 * What keeps a document from being a workflow. Problems are collected, not thrown: who mends a document wants them all at
 * once. Members that nothing reads are noted beside them; they are kept in the stored document and change nothing.
 */
import { bounds } from '#workflow/bounds.ts'

export interface Problem {
  /** JSON pointer. */
  readonly at: string
  readonly expected: string
  readonly found: string
  /** Where the text could not be read on, or which of two members with one name; counted from 1. */
  readonly line?: number
  readonly column?: number
}

export interface Notes {
  readonly problems: readonly Problem[]
  /** Pointers of members that are not part of the language. */
  readonly unread: readonly string[]
  problem(at: string, expected: string, found: unknown): void
  unreadMember(at: string): void
}

export function makeNotes(): Notes {
  const problems: Problem[] = []
  const unread: string[] = []
  return {
    problems,
    unread,
    problem(at, expected, found) {
      if (problems.length < bounds.problems) problems.push({ at, expected, found: wordsFor(found) })
    },
    unreadMember(at) {
      if (unread.length < bounds.problems) unread.push(at)
    },
  }
}

const SHOWN = 40

function wordsFor(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  if (typeof value !== 'string') return String(value)
  const whole = value.length <= SHOWN
  return whole ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, SHOWN))} and ${value.length - SHOWN} more`
}
