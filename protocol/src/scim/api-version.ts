/**
 * `api-version=N` on SCIM and configuration paths: the major number only. Its form is checked and it is otherwise
 * ignored, because every answer has the newest shape. Clients put blanks around the value (`?api-version= 7`).
 */
export const NEWEST_MAJOR = 10

const major = /^\s*(\d{1,2})\s*$/

/** The major version, or undefined when the value is none that ever existed. */
export function readApiVersion(value: string): number | undefined {
  const number = Number(major.exec(value)?.[1])
  return number >= 1 && number <= NEWEST_MAJOR ? number : undefined
}
