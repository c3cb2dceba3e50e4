/** Themes of the portal: `/configuration/{tenant}/v2/Custo/IDPThemes`. */
import {
  type CustomizationWrite,
  customizationWire,
  customizationWrite,
} from '@countersign/protocol/configuration/customization.ts'
import { themeKind } from '#administration/theme-kind.ts'
import { customizationOnWire, customizationPermissions, newCode } from '#configuration/customization.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { assertTheme, LARGEST_THEME_BYTES } from '#configuration/theme-read.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { ThemeDocument } from '#domain/theme-document.ts'
import type { Endpoint } from '#http/endpoint.ts'

const kind = {
  path: '/configuration/{tenant}/v2/Custo/IDPThemes',
  noun: 'theme of the portal',
  shape: customizationWire,
  list: themeKind.all,
  find: themeKind.find,
  onWire: customizationOnWire('IDPTheme'),
  permissions: customizationPermissions,
}

export const themes: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...writeDocuments({
    ...kind,
    rules: themeKind,
    writeShape: customizationWrite,
    maxBytes: LARGEST_THEME_BYTES,
    maxTextCharacters: LARGEST_THEME_BYTES,
    put: 'replaces',
    create: (body: CustomizationWrite) => written(newCode(body), body),
    change: ({ code }: ThemeDocument, body: CustomizationWrite) => written(code, body),
  }),
]

function written(code: string, { payload }: CustomizationWrite): ThemeDocument {
  assertTheme(payload)
  return { code, payload }
}
