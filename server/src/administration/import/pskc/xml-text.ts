/**
 * The bytes of a stranger's XML file become text only after they are found harmless: at most 16 MB, UTF-8, no document
 * type, no entity declaration, a bounded count of tags. Billion laughs, external entities and UTF-16 disguises end
 * here, before any XML code sees them. Everything that starts with `<!` must be a comment or CDATA.
 */
import { MAX_FILE_BYTES } from '#administration/import/token-record.ts'
import { Refusal } from '#domain/refusal.ts'

/** 20,000 encrypted keys need about 50 tags each. */
export const MAX_TAGS = 1_200_000

export function xmlText(content: Uint8Array): string {
  if (content.length > MAX_FILE_BYTES) throw new Refusal('too_large', 'The file is larger than 16 MB.')
  const text = decode(content)
  if (text.includes('\u0000')) throw new Refusal('invalid_request', 'The file must be XML in UTF-8.')
  const declared = /^\s{0,64}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([^"']{0,40})["']/.exec(text)?.[1]
  if (declared !== undefined && !/^(utf-8|us-ascii)$/i.test(declared)) {
    throw new Refusal('invalid_request', 'The file must be XML in UTF-8.')
  }
  refuseDeclarations(text)
  return text
}

function decode(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw new Refusal('invalid_request', 'The file must be XML in UTF-8.')
  }
}

function refuseDeclarations(text: string): void {
  let tags = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    tags += 1
    if (tags > MAX_TAGS) throw new Refusal('too_large', 'The file has too many elements.')
    if (text[at + 1] !== '!') continue
    if (text.startsWith('<!--', at) || text.startsWith('<![CDATA[', at)) continue
    throw new Refusal('invalid_request', 'Document types and entity declarations are not accepted in an import file.')
  }
}
