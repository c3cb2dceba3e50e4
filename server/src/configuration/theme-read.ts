/**
 * The payload of a theme: `ui` and `localization`. What our portal shows is judged; `extensions` belong to portals of others and are
 * only bounded. Pictures are data URIs (RFC 2397) of png, jpeg, gif or webp, their bytes too; SVG is refused, because it can hold
 * scripts and lead outside. Colours and words only, because the values become properties of a style sheet.
 */
import { Buffer } from 'node:buffer'
import { refuseProblems } from '#configuration/customization.ts'
import { below } from '#workflow/pointer.ts'
import { makeNotes, type Notes } from '#workflow/problem.ts'

export const LARGEST_THEME_BYTES = 524_288

const bounds = { name: 256, text: 4000, key: 160, keys: 500, languages: 100 } as const
const POSITIONS = ['left', 'center', 'right']
const colour = /^(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl)a?\([0-9a-z.,%/ ]{1,60}\)|[a-z]{3,24})$/i
const picture = /^data:image\/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/]+={0,2})$/
const control = /[^\P{Cc}\n\t]/u
/** How the bytes of a picture begin, in latin1. */
const signatures: ReadonlyMap<string, string> = new Map([
  ['png', '\x89PNG\r\n'],
  ['jpeg', '\xff\xd8\xff'],
  ['gif', 'GIF8'],
  ['webp', 'RIFF'],
])

/** Refuses with the places of what is wrong. */
export function assertTheme(payload: unknown): void {
  const notes = makeNotes()
  const members = objectAt(payload, '/payload', notes)
  if (members) {
    for (const name of ['name', 'description']) textAt(members[name], below('/payload', name), bounds.name, notes)
    judgeUi(members.ui, '/payload/ui', notes)
    judgeLocalization(members.localization, '/payload/localization', notes)
  }
  refuseProblems(notes.problems)
}

type Members = Readonly<Record<string, unknown>>

function objectAt(value: unknown, at: string, notes: Notes): Members | undefined {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Members
  notes.problem(at, 'an object', value)
  return undefined
}

const optional = (value: unknown, at: string, notes: Notes) =>
  value === undefined ? undefined : objectAt(value, at, notes)

function textAt(value: unknown, at: string, most: number, notes: Notes): void {
  if (value === undefined) return
  if (typeof value !== 'string' || value.length > most || control.test(value))
    notes.problem(at, `a text of at most ${most} printable characters`, value)
}

function judgeUi(value: unknown, at: string, notes: Notes): void {
  const ui = optional(value, at, notes)
  optional(ui?.extensions, below(at, 'extensions'), notes)
  const place = below(at, 'hid_portal')
  const portal = optional(ui?.hid_portal, place, notes) ?? {}
  for (const [name, given] of Object.entries(portal)) {
    const expected = judges.get(name)?.(given)
    if (expected !== undefined) notes.problem(below(place, name), expected, given)
  }
}

/** What was expected, when the value is something else. Members that are not here are kept and not read. */
const judges: ReadonlyMap<string, (value: unknown) => string | undefined> = new Map([
  ['login-position', value => (POSITIONS.includes(value as string) ? undefined : `one of ${POSITIONS.join(', ')}`)],
  ['login-background', pictureFault],
  ['logo', pictureFault],
  ['gradient-start', colourFault],
  ['gradient-end', colourFault],
])

function colourFault(value: unknown): string | undefined {
  return typeof value === 'string' && colour.test(value) ? undefined : 'a colour such as #0b3d2e, rgb(11 61 46) or teal'
}

function pictureFault(value: unknown): string | undefined {
  if (value === '') return undefined
  const [, type = '', data = ''] = (typeof value === 'string' && picture.exec(value)) || []
  if (type === '') return 'a picture as data:image/png;base64,… (png, jpeg, gif or webp, never svg)'
  const head = Buffer.from(data.slice(0, 64), 'base64').toString('latin1')
  return head.startsWith(signatures.get(type) ?? type) ? undefined : `the bytes of a ${type} picture`
}

function judgeLocalization(value: unknown, at: string, notes: Notes): void {
  const localization = optional(value, at, notes)
  optional(localization?.extensions, below(at, 'extensions'), notes)
  const place = below(at, 'hid_portal')
  const languages = Object.entries(optional(localization?.hid_portal, place, notes) ?? {})
  if (languages.length > bounds.languages)
    notes.problem(place, `at most ${bounds.languages} languages`, languages.length)
  for (const [tag, given] of languages) {
    const spot = below(place, tag)
    if (!isLanguage(tag)) notes.problem(spot, 'a language tag such as en or de-CH', tag)
    judgeTexts(optional(given, spot, notes) ?? {}, spot, notes)
  }
}

function judgeTexts(texts: Members, at: string, notes: Notes): void {
  const entries = Object.entries(texts)
  if (entries.length > bounds.keys) notes.problem(at, `at most ${bounds.keys} texts`, entries.length)
  for (const [key, text] of entries.slice(0, bounds.keys)) {
    if (key.length > bounds.key) notes.problem(at, `keys of at most ${bounds.key} characters`, key)
    textAt(text, below(at, key), bounds.text, notes)
  }
}

/** RFC 5646. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
