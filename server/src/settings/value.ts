/**
 * How the text of a setting becomes a value. Each reader takes only what it can be sure of and otherwise says what to give
 * instead; no reader repeats the text, as it may be a secret that was pasted into the wrong line.
 */
import { isIP } from 'node:net'
import { Hidden } from '#settings/hidden.ts'

/** Not a value: `action` completes the sentence "NAME …" and says what to do. */
export class Wrong {
  readonly action: string

  constructor(action: string) {
    this.action = action
  }
}

export type Database =
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgres'; readonly url: Hidden }

export type CheckpointPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string }

/** `bits` of `address` count. */
export interface Network {
  readonly address: string
  readonly bits: number
}

const LONGEST_TEXT = 4096
const hostForm = /^[A-Za-z0-9.:_-]{1,253}$/

export function integer(least: number, most: number) {
  return (text: string): number | Wrong => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return number >= least && number <= most ? number : new Wrong(`needs a whole number from ${least} to ${most}`)
  }
}

export function oneOf<const T extends readonly string[]>(allowed: T) {
  return (text: string): T[number] | Wrong => {
    return allowed.find(one => one === text) ?? new Wrong(`needs one of: ${allowed.join(', ')}`)
  }
}

export function path(text: string): string | Wrong {
  return text.includes('\0') || text.length > LONGEST_TEXT ? new Wrong('needs the path of a file or folder') : text
}

export function host(text: string): string | Wrong {
  return hostForm.test(text) ? text : new Wrong('needs a host name or an address without port')
}

export function origin(text: string): string | Wrong {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url && (text === url.origin || text === `${url.origin}/`)
  if (plain && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin
  return new Wrong('needs an origin without path: https://id.example.org')
}

export function hidden(shortest: number) {
  return (text: string): Hidden | Wrong => {
    return text.length >= shortest && text.length <= LONGEST_TEXT
      ? new Hidden(text)
      : new Wrong(`needs at least ${shortest} characters`)
  }
}

export function command(text: string): readonly string[] | Wrong {
  const words = text.split(/\s+/).filter(word => word !== '')
  return words.length > 0 && words.length <= 64 ? words : new Wrong('needs a program, with its arguments after blanks')
}

export function database(text: string): Database | Wrong {
  if (text.startsWith('sqlite:') && text.length > 'sqlite:'.length) return { engine: 'sqlite', path: text.slice(7) }
  const url = URL.canParse(text) ? new URL(text) : undefined
  const postgres = url && (url.protocol === 'postgres:' || url.protocol === 'postgresql:')
  if (postgres && text.length <= LONGEST_TEXT) return { engine: 'postgres', url: new Hidden(text) }
  return new Wrong('needs sqlite:PATH or postgres://user:password@host/name')
}

export function network(text: string): Network | Wrong {
  const [address = '', bits, more] = text.split('/')
  const most = isIP(address) === 6 ? 128 : 32
  const length = bits === undefined ? most : integer(0, most)(bits)
  if (isIP(address) === 0 || more !== undefined || length instanceof Wrong) {
    return new Wrong('needs addresses or networks like 10.0.0.0/8, separated by commas')
  }
  return { address, bits: length }
}

export function checkpointPlace(text: string): CheckpointPlace | Wrong {
  if (text.startsWith('file:') && text.length > 'file:'.length) return { kind: 'file', path: text.slice(5) }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return { kind: 'http', url: url.href }
  return new Wrong('needs places like file:PATH or https://host/path, separated by commas')
}

/** Values separated by commas; blanks around them do not count. */
export function list<T>(read: (text: string) => T | Wrong, most: number) {
  return (text: string): readonly T[] | Wrong => {
    const parts = text.trim() === '' ? [] : text.split(',').map(part => part.trim())
    if (parts.length > most) return new Wrong(`takes at most ${most} values`)
    const values: T[] = []
    for (const part of parts) {
      const value = read(part)
      if (value instanceof Wrong) return value
      values.push(value)
    }
    return values
  }
}

/** An address that is called: http or https, without user, fragment or blanks. */
export function hook(text: string): string | Wrong {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const fits = url && /^https?:$/.test(url.protocol) && url.username === '' && url.hash === ''
  return fits ? url.href : new Wrong('is an address like https://risk.example.org/requests')
}
