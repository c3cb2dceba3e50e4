/**
 * The `context` parameter: blank-separated `NAME:VALUE:isForAudit` triples. `sign1`, `sign2`, `sign3` are the values of a
 * transaction in the order they were entered on the token; isForAudit false keeps the value out of the audit.
 */
import { Refusal } from '#domain/refusal.ts'

export interface SigningValue {
  readonly name: string
  readonly value: string
  readonly forAudit: boolean
}

const MOST_TRIPLES = 16
const triple = /^([A-Za-z][A-Za-z0-9_]{0,31}):(.{1,128}):(true|false)$/s

export function readSigningContext(text: string): readonly SigningValue[] {
  const parts = text.split(' ').filter(part => part !== '')
  if (parts.length > MOST_TRIPLES)
    throw new Refusal('invalid_request', `context holds more than ${MOST_TRIPLES} values.`)
  const values = parts.map(readTriple)
  const names = new Set(values.map(({ name }) => name))
  if (names.size !== values.length) throw new Refusal('invalid_request', 'context names a value twice.')
  return values
}

function readTriple(part: string): SigningValue {
  const match = triple.exec(part)
  if (!match) throw new Refusal('invalid_request', 'context is not of the form NAME:VALUE:true or NAME:VALUE:false.')
  return { name: match[1] as string, value: match[2] as string, forAudit: match[3] === 'true' }
}

/** The values to sign, in their order: sign1, sign2, sign3. */
export function signingValues(context: readonly SigningValue[]): readonly SigningValue[] {
  const values: SigningValue[] = []
  for (let n = 1; n <= 3; n++) {
    const value = context.find(({ name }) => name === `sign${n}`)
    if (!value) break
    values.push(value)
  }
  const signs = context.filter(({ name }) => /^sign[0-9]+$/.test(name))
  if (signs.length !== values.length)
    throw new Refusal('invalid_request', 'context must hold sign1, sign2 and sign3 without gaps.')
  return values
}
