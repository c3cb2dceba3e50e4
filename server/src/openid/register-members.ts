/**
 * Members of client metadata (RFC 7591 section 2), each read as the one kind it may be. What is of another kind is refused with
 * `invalid_client_metadata` and the member's name, never its value. Null is absent; switches also come as `"True"`, `"false"`.
 */
import { Refusal } from '#domain/refusal.ts'

export type Metadata = Readonly<Record<string, unknown>>

export const wrongMember = (name: string, sentence: string) =>
  new Refusal('invalid_client_metadata', `${name} ${sentence}.`)

const controls = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u

/** Undefined when it is absent. Characters that hide or turn text are refused: users see names. */
export function textIn(metadata: Metadata, name: string, most: number): string | undefined {
  const value = metadata[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value.length > most || controls.test(value))
    throw wrongMember(name, `is a text of at most ${most} printable characters`)
  return value
}

export function choiceIn<const T extends readonly string[]>(
  metadata: Metadata,
  name: string,
  choices: T,
): T[number] | undefined {
  const value = textIn(metadata, name, 200)
  if (value === undefined || value === '') return undefined
  const choice = choices.find(one => one === value)
  if (choice === undefined) throw wrongMember(name, `is one of: ${choices.join(', ')}`)
  return choice
}

export function switchIn(metadata: Metadata, name: string): boolean | undefined {
  const value = metadata[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  if (word !== 'true' && word !== 'false') throw wrongMember(name, 'is true or false')
  return word === 'true'
}

export function textsIn(metadata: Metadata, name: string, most: number): readonly string[] | undefined {
  const value = metadata[name]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || value.length > most || value.some(one => typeof one !== 'string'))
    throw wrongMember(name, `is a list of at most ${most} texts`)
  return value as readonly string[]
}

export function choicesIn(metadata: Metadata, name: string, choices: readonly string[]): readonly string[] | undefined {
  const values = textsIn(metadata, name, choices.length)
  if (values?.some(value => !choices.includes(value))) throw wrongMember(name, `holds only: ${choices.join(', ')}`)
  return values
}

/** Leaves out what is undefined. */
export function given<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>
}
