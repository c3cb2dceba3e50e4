/**
 * How many rows one unit of work stages or looks up: a unit has at most 200 statements and holds the writer meanwhile.
 */
export const CHUNK_ROWS = 60
