/**
 * How large a workflow may be. The numbers are ours: they leave ten times the room of any workflow we have seen, and keep
 * a check, an answer and a page small whatever somebody stores.
 */
export const bounds = {
  /** Characters of the whole document. */
  text: 262_144,
  /** Objects and lists inside one another. */
  depth: 16,
  criteria: 32,
  factors: 32,
  actions: 32,
  enrolActions: 32,
  /** Names in one list of references. */
  references: 32,
  labels: 128,
  allowed: 256,
  id: 128,
  word: 256,
  template: 8192,
  retry: 100,
  seconds: 10 * 365 * 24 * 3600,
  /** Told at most; a document that has more is read again after the first are mended. */
  problems: 100,
} as const
