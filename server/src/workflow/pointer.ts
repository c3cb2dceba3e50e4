/** JSON pointers (RFC 6901): where something stands in a document. `~` and `/` in a name are written `~0` and `~1`. */

/** The member or the place in a list below `at`; the whole document is the empty text. */
export function below(at: string, step: string | number): string {
  return `${at}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
