/** Text for pages of the demo, in elements and in quoted attributes: the five signs that mean something in HTML are written as numbers. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
