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
  /** The screen that the server shows: also after a form or a link that was used before the scripts were there. */
  readonly at?: string
  /** The person whom the application named. */
  readonly user?: string
  /** The name that was typed before the scripts were there, and sent as a form. */
  readonly typed?: string
}

export const readBoot = (text: string | null | undefined): Boot | undefined =>
  text ? (JSON.parse(text) as Boot) : undefined
