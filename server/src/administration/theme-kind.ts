/** Themes of a tenant. What the payload says was judged by the door's reader; one that a client or a workflow names does not go. */
import type { DocumentKind } from '#administration/document-kind.ts'
import { Refusal } from '#domain/refusal.ts'
import type { ThemeDocument } from '#domain/theme-document.ts'

export const themeKind: DocumentKind<ThemeDocument> = {
  list: 'themes',
  noun: 'theme',
  event: 'Theme',
  parameter: 'TEXT2',
  most: 20,
  find: (configuration, code) => configuration.findTheme(code),
  all: configuration => configuration.themes,
  refusalOf: () => undefined,
  refusalOfRemoval({ code }, { workflows }) {
    const holder = workflows.find(
      ({ payload }) => (payload as { readonly theme_id?: unknown } | null)?.theme_id === code,
    )
    return holder && new Refusal('action_not_possible', `The workflow ${holder.code} names it.`)
  },
  use: (queries, tenant, code) => queries.clientOfTheme(tenant, code),
}
