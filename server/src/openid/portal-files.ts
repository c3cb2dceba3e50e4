/**
 * GET /portal/{file}: what the pages of the portal name, and the script of a `form_post` answer. The same for all tenants, hence not under one
 * of them. Read at start; without a build the pages work, but have neither look nor script.
 */
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { Refusal } from '#domain/refusal.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'
import { fileAnswer, readWebFiles, type WebFile } from '#http/web-app.ts'
import type { PortalFiles } from '#openid/portal-page/document.ts'

export type BuiltFiles = ReadonlyMap<string, WebFile>

// The same from the sources, from what tsc wrote and from the joined program.
const FOLDER = fileURLToPath(new URL('../../../web/dist/portal', import.meta.url))

export const readPortalFiles = (): BuiltFiles => readWebFiles(FOLDER)

/** The hashed names of the build: one script, one style sheet. */
export function namedFiles(files: BuiltFiles): PortalFiles {
  const address = (form: RegExp) => {
    const name = [...files.keys()].find(one => form.test(one))
    return name === undefined ? undefined : `/portal/${name}`
  }
  return { script: address(/^main-.+\.js$/), style: address(/^style-.+\.css$/) }
}

export const portalFile = endpoint({
  method: 'GET',
  path: '/portal/{file}',
  summary: 'A file that the pages of the sign-in portal name.',
  access: anyone('files of a page, the same for everybody'),
  params: Type.Object({ file: Type.String({ maxLength: 64 }) }),
  answers: { status: 200, shape: Type.String(), type: 'application/octet-stream' },
  refusals: ['not_found'],

  async handle({ path }, { headers }: Situation, { portalFiles }: { readonly portalFiles: BuiltFiles }) {
    const found = portalFiles.get(path.file)
    if (!found) throw new Refusal('not_found')
    return fileAnswer(found, headers['accept-encoding'])
  },
})
