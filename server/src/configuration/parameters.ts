/**
 * The query of a read in the configuration API: names in any case and with blanks around them (tolerance T2, T6), each at most
 * once. What would select a tenant or a user is refused; other parameters that nobody asks for are not looked at.
 */
import { Refusal } from '#domain/refusal.ts'
import { assertNoSelector } from '#http/selector.ts'

/** By name in lower case. */
export type Parameters = ReadonlyMap<string, string>

export function readParameters(query: Readonly<Record<string, string>>): Parameters {
  assertNoSelector(query)
  const parameters = new Map<string, string>()
  for (const [name, value] of Object.entries(query)) {
    const lower = name.trim().toLowerCase()
    if (parameters.has(lower)) throw new Refusal('invalid_request', 'A parameter is given twice.')
    parameters.set(lower, value)
  }
  return parameters
}

/** Undefined when it is not there or empty. */
export function wholeNumberIn(parameters: Parameters, name: string): number | undefined {
  const text = parameters.get(name.toLowerCase())?.trim()
  if (text === undefined || text === '') return undefined
  if (!/^[0-9]{1,20}$/.test(text)) throw new Refusal('invalid_value', `${name} is not a whole number.`)
  return Number(text)
}
