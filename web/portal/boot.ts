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
  /** The person whom the application named. */
  readonly user?: string
}

export function readBoot(text: string | null | undefined): Boot | undefined {
  if (!text) return undefined
  return JSON.parse(text) as Boot
}
