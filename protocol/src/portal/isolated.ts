/** A name that runs the other way must not turn the sentence around it: first strong isolate (UAX #9, 2.4). */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/

export const isolated = (value: string): string => (TURNS.test(value) ? `\u2068${value}\u2069` : value)
