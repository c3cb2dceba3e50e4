/**
 * Where a passkey counts (Web Authentication sections 5.1.2 and 13.4.9): the relying party id of the workflow, and the origins whose pages
 * may use it. The word `hostname` in published workflows, and nothing, mean the host of the public origin. Whose pages: those of
 * this server, of the client's redirect addresses and of the tenant's CORS document, as far as they lie under the id.
 */
import type { Login } from '#authentication/login-find.ts'

export interface PasskeyPlace {
  readonly rpId: string
  readonly origins: readonly string[]
}

export function placeOf({ tenant, client, request }: Login, configured: string | undefined): PasskeyPlace {
  const own = new URL(request.issuer)
  const rpId = configured === undefined || configured === '' || configured === 'hostname' ? own.hostname : configured
  const pages = [own.origin, ...tenant.configuration.cors.origins, ...(client.document.redirectUris ?? [])]
  return { rpId, origins: [...new Set(pages.flatMap(page => originUnder(rpId, page)))] }
}

function originUnder(rpId: string, page: string): readonly string[] {
  if (!URL.canParse(page)) return []
  const { origin, hostname } = new URL(page)
  const under = hostname === rpId || hostname.endsWith(`.${rpId}`)
  return under && origin !== 'null' ? [origin] : []
}
