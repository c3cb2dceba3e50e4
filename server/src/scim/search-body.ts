/**
 * The members of a search, wherever they stand: body of `.search`, query of a GET, or both. A parameter in the query of
 * `.search` is obeyed or refused, never ignored: an ignored filter would answer more than was asked for (rule A4).
 */
import { Refusal } from '#domain/refusal.ts'

export function searchMembers(query: object, body: object): object {
  for (const name of Object.keys(query)) {
    if (Object.hasOwn(body, name)) throw new Refusal('invalid_request', 'A parameter is given in query and body.')
  }
  return { ...body, ...query }
}
