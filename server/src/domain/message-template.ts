/**
 * What a message says (MessageTemplate of the configuration API; ours). Stock templates are English; one of the tenant's own
 * may stand in the place of a stock one, or be another language of it. A template in a workflow wins over these.
 * Placeholders: `{$secret}`, `{$validity}`, `{$application}`, `{$link}`; nothing else is replaced.
 */
export const MESSAGE_PURPOSES = ['oob', 'activation', 'reset', 'transaction', 'invitation'] as const
export const MESSAGE_PLACEHOLDERS = ['{$secret}', '{$validity}', '{$application}', '{$link}'] as const

export interface MessageTemplate {
  readonly code: string
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  readonly readOnly: boolean
  readonly name: string
  readonly notes?: string
  readonly purpose: (typeof MESSAGE_PURPOSES)[number]
  readonly method: 'email' | 'sms'
  /** A language tag (RFC 5646) in lower case: `en`, `de-ch`. */
  readonly language: string
  /** Of mail; always there then. */
  readonly subject?: string
  readonly text: string
  /** Of mail: the same as a page. */
  readonly html?: string
}

/**
 * The template for a purpose: in the language asked for, in that language without region, in English, or whatever there is; the
 * tenant's own before a stock one.
 */
export function findTemplate(
  templates: readonly MessageTemplate[],
  purpose: MessageTemplate['purpose'],
  method: MessageTemplate['method'],
  language = 'en',
): MessageTemplate | undefined {
  const fitting = templates
    .filter(one => one.purpose === purpose && one.method === method)
    .sort((one, other) => Number(one.version === undefined) - Number(other.version === undefined))
  const asked = language.toLowerCase()
  const wanted = [asked, asked.split('-', 1)[0] ?? asked, 'en']
  return wanted.map(tag => fitting.find(one => one.language === tag)).find(one => one) ?? fitting[0]
}
