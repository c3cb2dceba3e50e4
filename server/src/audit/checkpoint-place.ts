/**
 * Somewhere off the database where checkpoints are put, so that who can rewrite the database cannot rewrite them too.
 * Delivery is at least once and in order: a line may come twice, never in another form.
 */
export interface CheckpointPlace {
  /** Stable: the store remembers under it how far this place has come. */
  readonly name: string
  /** Resolves when the lines are safe there; rejects to be given the same lines again. */
  publish(lines: readonly string[]): Promise<void>
}

/** One line as it is put: only `jws` is proof, the rest is for the reader. */
export function checkpointLine(checkpoint: {
  readonly number: number
  readonly at: number
  readonly jws: string
}): string {
  return JSON.stringify({ number: checkpoint.number, at: new Date(checkpoint.at).toISOString(), jws: checkpoint.jws })
}

/** The JWS of each line of a file of checkpoints; a line cut by a crash is skipped. */
export function jwsOfLines(text: string): string[] {
  return text.split('\n').flatMap(line => {
    try {
      const { jws } = JSON.parse(line) as { jws?: unknown }
      return typeof jws === 'string' ? [jws] : []
    } catch {
      return []
    }
  })
}
