/** Whether something that came over the wire has a shape: what every reader of the approve protocol asks before anything else. */
import type { Static, TSchema } from 'typebox'
import Value from 'typebox/value'

export type Shape = TSchema
export type Shaped<T extends Shape> = Static<T>

export const fits = <T extends Shape>(shape: T, value: unknown): value is Shaped<T> => Value.Check(shape, value)
