/** A name of something else in the document, and where it is written. What it names may turn out not to be there. */
export interface Reference {
  readonly id: string
  readonly at: string
}
