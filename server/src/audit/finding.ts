/** What the verifier found, with a code for programs and a sentence for people. The first hundred are kept, all counted. */
const LISTED = 100

export interface Finding {
  readonly code: string
  readonly sentence: string
  readonly tenant?: number
  readonly seq?: number
  readonly event?: number
  readonly run?: number
  readonly number?: number
}

export class Findings {
  readonly #listed: Finding[] = []
  readonly #counts: Record<string, number> = {}

  add(code: string, sentence: string, where: Omit<Finding, 'code' | 'sentence'> = {}): void {
    this.#counts[code] = (this.#counts[code] ?? 0) + 1
    if (this.#listed.length < LISTED) this.#listed.push({ code, sentence, ...where })
  }

  get listed(): readonly Finding[] {
    return this.#listed
  }

  /** How often each code was found, beyond what is listed. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts
  }

  get none(): boolean {
    return this.#listed.length === 0
  }
}
