/** A PIN that is being asked for, and what happens with it: the dialog stays until it was right, or was given up. */
import type { Container } from '@countersign/sdk/container.ts'

export interface Question {
  readonly container: Container
  /** Fails with `invalid_password` or `locked` while another try makes sense; everything else ends the question. */
  attempt(password: string): Promise<void>
  giveUp(): void
}
