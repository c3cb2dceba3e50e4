/**
 * A filter from its text (RFC 7644 section 3.4.2.2): `or` binds weaker than `and`, `not` stands before parentheses, operators are
 * read in any case. Recursive descent over tokens whose number and nesting were capped before.
 * Surprise: a bare value may be any word (`0973494699-1`, `x@y.org`, `2026-01-01T00:00:00Z`); it stays text.
 */
import type { Filter, FilterOperator } from '#domain/filter.ts'
import { filterRefusal, MAX_CLAUSES, type Token, tokensOf, type Work } from '#scim/filter/tokens.ts'

const MAX_NAME = 200
const MAX_VALUE = 1024
const attributeName = /^[A-Za-z][A-Za-z0-9_$.:-]*$/
const forbiddenName = /(?:^|[.:])(?:__proto__|constructor|prototype)(?=$|[.:])/i
const operators: ReadonlySet<string> = new Set<FilterOperator>(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])
const isOperator = (word: string): word is FilterOperator => operators.has(word)

class Parser {
  readonly #input: string
  readonly #tokens: readonly Token[]
  readonly #work: Work
  #next = 0
  #clauses = 0

  constructor(input: string, work: Work) {
    this.#input = input
    this.#tokens = tokensOf(input, work)
    this.#work = work
  }

  whole(): Filter {
    const filter = this.#either()
    const rest = this.#peek()
    if (rest.kind !== 'end') throw this.#refusal('Nothing more was expected', rest)
    return filter
  }

  #either(): Filter {
    return this.#chain('or', () => this.#chain('and', () => this.#term()))
  }

  #chain(joint: 'and' | 'or', part: () => Filter): Filter {
    const parts = [part()]
    while (this.#isWord(this.#peek(), joint)) {
      this.#take()
      parts.push(part())
    }
    return parts.length === 1 ? parts[0]! : { kind: joint, parts }
  }

  #term(): Filter {
    if (this.#peek().kind === 'open') return this.#inParentheses()
    if (this.#isWord(this.#peek(), 'not') && this.#peek(1).kind === 'open') {
      this.#take()
      return { kind: 'not', part: this.#inParentheses() }
    }
    return this.#clause()
  }

  #inParentheses(): Filter {
    this.#take()
    const inner = this.#either()
    const close = this.#take()
    if (close.kind !== 'close') throw this.#refusal('A closing parenthesis was expected', close)
    return inner
  }

  #clause(): Filter {
    this.#clauses += 1
    if (this.#clauses > MAX_CLAUSES) throw this.#refusal(`More than ${MAX_CLAUSES} clauses`, this.#peek())
    const name = this.#take()
    const attribute = name.text
    if (name.kind !== 'word' || attribute.length > MAX_NAME || !attributeName.test(attribute)) {
      throw this.#refusal('The name of an attribute was expected', name)
    }
    if (forbiddenName.test(attribute)) throw this.#refusal('This name is not allowed', name)
    const sign = this.#take()
    const operator = sign.text.toLowerCase()
    if (sign.kind === 'word' && operator === 'pr') return { kind: 'present', attribute }
    if (sign.kind !== 'word' || !isOperator(operator)) throw this.#refusal('An operator was expected', sign)
    const value = this.#take()
    if (value.kind !== 'word' && value.kind !== 'quoted') throw this.#refusal('A value was expected', value)
    if (value.text.length > MAX_VALUE) throw this.#refusal(`A value longer than ${MAX_VALUE} characters`, value)
    return {
      kind: 'compare',
      attribute,
      operator,
      value: { text: value.text, quoted: value.kind === 'quoted' },
      ...((operator === 'eq' || operator === 'ne') && value.text.endsWith('*') ? { wildcard: true as const } : {}),
    }
  }

  #isWord(token: Token, word: string): boolean {
    return token.kind === 'word' && token.text.toLowerCase() === word
  }

  #peek(ahead = 0): Token {
    this.#work.steps++
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!
  }

  #take(): Token {
    const token = this.#peek()
    this.#next += 1
    return token
  }

  #refusal(what: string, token: Token) {
    return filterRefusal(what, this.#input, token.at)
  }
}

/** The tree of a filter, or a refusal `invalid_filter`. `work` is counted up whether it can be read or not. */
export function parseFilter(input: string, work: Work = { steps: 0 }): Filter {
  return new Parser(input, work).whole()
}
