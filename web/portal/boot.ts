/** What the page was given to start from: data in the document, made by the server. */
export interface Boot {
  readonly requestUri: string
  readonly csrf: string
  /** `/{tenant}/authn/` */
  readonly base: string
  readonly themeId?: string
  readonly languages: readonly string[]
  /** The name of the application. */
  readonly client: string
  /** The screen that the address asks for: a link that was followed before the scripts were there, or opened elsewhere. */
  readonly at?: string
  /** The person whom the application named. */
  readonly user?: string
}

export function readBoot(text: string | null | undefined, search: string): Boot | undefined {
  if (!text) return undefined
  const at = new URLSearchParams(search).get('at')
  return { ...(JSON.parse(text) as Boot), ...(at ? { at } : {}) }
}
