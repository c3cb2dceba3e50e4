/** One line of `countersign doctor`. */

/** `fault`: it will not work, or not safely. `hint`: fine for trying out, not for production. */
export interface Diagnosis {
  readonly level: 'ok' | 'hint' | 'fault'
  readonly about: string
  /** What is so, and what to do. */
  readonly sentence: string
}
