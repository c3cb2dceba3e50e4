/**
 * A promise that a port's every engine keeps, as a value: tests of an engine run all cases of its port in three lines.
 * Cases use `node:assert` and make what they need, so that they depend on no test runner.
 */
export interface Case<Port> {
  readonly title: string
  /** Gets something fresh for itself alone. */
  check(port: Port): Promise<void>
}
