/** A telephone number as it is dialled: `+49 (170) 123-45` is +4917012345, 0049… is +49… (ITU-T E.164). */
export const dialled = (number: string): string => number.replace(/[\s().\-/]/g, '').replace(/^00/, '+')
