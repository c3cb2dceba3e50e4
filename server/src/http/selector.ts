/**
 * Query parameters by which some servers let a caller choose tenant or user (`?tenant=…`, `?userId=…`). Here the address and the
 * token have chosen already. Obeyed by nobody they would be read past, and the answer would be about more than was asked for;
 * so whoever reads or lists resources refuses them (rule A4), while other unknown parameters are ignored.
 */
import { Refusal } from '#domain/refusal.ts'

const selectors: ReadonlySet<string> = new Set(['tenant', 'tenantid', 'user', 'userid', 'realm', 'organization'])

export const isSelector = (name: string) => selectors.has(name.trim().toLowerCase())

export function assertNoSelector(query: object): void {
  const name = Object.keys(query).find(isSelector)
  if (name !== undefined) throw new Refusal('invalid_value', `${name.trim().slice(0, 40)} selects nothing here.`)
}
