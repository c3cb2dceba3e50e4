/**
 * Sends several queries on one connection without waiting between them and answers all their rows: one round trip.
 * Locks that SQLite does not know stand in comments of a query and are uncovered here; `?1` becomes `$1`.
 * Surprise: composed queries are kept prepared only up to a bound per connection, beyond it they travel unnamed: the
 * protocol has no cheap way to forget, and endless variants of a filter would fill the server's memory.
 */
import type { PoolClient, QueryResult } from 'pg'
import type { Query } from '#domain/ports/store.ts'
import { PREPARED_STATEMENTS } from '#storage/engine-limits.ts'
import { COMPOSED } from '#storage/sql.ts'

export type Sent = Pick<Query, 'text' | 'values' | 'counts'> & { readonly name?: string }

const LOCK = /\/\* (for (?:no key )?update(?: of \w+)?(?: skip locked)?) \*\//g

/** Renders queries for PostgreSQL; one for each store. */
export class Rendering {
  readonly #texts = new Map<string, string>()
  readonly #composed = new WeakMap<PoolClient, Set<string>>()

  render(client: PoolClient, query: Query): Sent {
    const { name, text, values } = query
    if (name.startsWith(COMPOSED)) return this.#renderComposed(client, query)
    let ours = this.#texts.get(name)
    if (ours === undefined) {
      ours = textFor(text)
      this.#texts.set(name, ours)
    }
    return query.counts ? { name, text: ours, values, counts: true } : { name, text: ours, values }
  }

  #renderComposed(client: PoolClient, { name, text, values }: Query): Sent {
    let names = this.#composed.get(client)
    if (names === undefined) {
      names = new Set()
      this.#composed.set(client, names)
    }
    if (names.size >= PREPARED_STATEMENTS && !names.has(name)) return { text: textFor(text), values }
    names.add(name)
    return { name, text: textFor(text), values }
  }
}

/** `failure` is the first in the order of the queries: those behind it only tell that the transaction is broken. */
export type Flushed = {
  readonly rows: readonly (readonly unknown[])[]
  readonly failure?: { readonly at: number; readonly error: unknown }
}

export function flush(client: PoolClient, sent: readonly Sent[]): Promise<Flushed> {
  const { stream } = client.connection
  return new Promise(resolve => {
    const rows: (readonly unknown[])[] = []
    let failure: Flushed['failure']
    let left = sent.length
    if (left === 0) resolve({ rows })
    stream.cork()
    sent.forEach((one, at) => {
      client.query(one as never, undefined as never, (error: Error | undefined, result: QueryResult) => {
        if (error) failure ??= { at, error }
        else rows[at] = one.counts ? Array.from({ length: result.rowCount ?? 0 }, () => ({})) : result.rows
        left -= 1
        if (left === 0) resolve(failure === undefined ? { rows } : { rows, failure })
      })
    })
    stream.uncork()
  })
}

function textFor(text: string): string {
  return text.replace(LOCK, '$1').replace(/\?(\d+)/g, '$$$1')
}
