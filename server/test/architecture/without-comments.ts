/**
 * Blanks comments, keeping every line where it is, so that a rule that looks for `Date.now` does not find the sentence
 * that forbids it. Knows strings, templates and regular expressions well enough not to take `'https://…'` for a comment.
 * Surprise: the code inside a template's `${}` is kept, but a comment in there is kept too.
 */
const CAN_PRECEDE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%~^<>\n]|\breturn|\bcase|\btypeof)\s*$/

export function withoutComments(text: string): string {
  let out = ''
  let at = 0
  while (at < text.length) {
    const end = endOfPiece(text, at, out)
    const piece = text.slice(at, end)
    out += /^\/[/*]/.test(piece) ? piece.replaceAll(/[^\n]/g, ' ') : piece
    at = end
  }
  return out
}

function endOfPiece(text: string, at: number, before: string): number {
  const start = text[at] as string
  if (text.startsWith('//', at)) return endOr(text, text.indexOf('\n', at))
  if (text.startsWith('/*', at)) return endOr(text, text.indexOf('*/', at + 2), 2)
  if (start === "'" || start === '"' || start === '`') return afterClosing(text, at, start)
  if (start === '/' && CAN_PRECEDE_REGEX.test(before.slice(-40))) return afterRegex(text, at)
  return at + 1
}

const endOr = (text: string, found: number, more = 0) => (found < 0 ? text.length : found + more)

function afterClosing(text: string, at: number, quote: string): number {
  for (let next = at + 1; next < text.length; next++) {
    if (text[next] === '\\') next++
    else if (text[next] === quote) return next + 1
    else if (text[next] === '\n' && quote !== '`') return next
  }
  return text.length
}

function afterRegex(text: string, at: number): number {
  let inClass = false
  for (let next = at + 1; next < text.length; next++) {
    const one = text[next]
    if (one === '\n') return at + 1
    if (one === '\\') next++
    else if (one === '[') inClass = true
    else if (one === ']') inClass = false
    else if (one === '/' && !inClass) return next + 1
  }
  return at + 1
}
