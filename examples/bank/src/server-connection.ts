/**
 * The bank as a client of the server: it finds the endpoints by discovery and proves itself by its secret in the body. Everything
 * here is `openid-client` as it comes; only plain http on this machine is allowed by hand. Asked again as long as it fails, so that
 * bank and server may start in any order.
 */
import * as openid from 'openid-client'
import type { Configuration } from './configuration.ts'

export type Connect = () => Promise<openid.Configuration>

type Named = Pick<Configuration, 'issuer' | 'clientId' | 'clientSecret'>

/** `more`: how this client differs. */
export function connection(
  { issuer, clientId, clientSecret }: Named,
  more: readonly ((client: openid.Configuration) => void)[] = [],
): Connect {
  const insecure = issuer.startsWith('http:') ? [openid.allowInsecureRequests] : []
  const known: { found?: Promise<openid.Configuration> } = {}
  const discover = () =>
    openid.discovery(new URL(issuer), clientId, {}, openid.ClientSecretPost(clientSecret), {
      // The signature of id_tokens is checked, though they come straight from the token endpoint.
      execute: [...insecure, openid.enableNonRepudiationChecks, ...more],
      timeout: 10,
    })
  return () => {
    known.found ??= discover().catch(error => {
      delete known.found
      throw error
    })
    return known.found
  }
}

/** A token of the bank's own, with which it may call the administration of the server. */
export async function ownToken(connect: Connect): Promise<string> {
  const { access_token } = await openid.clientCredentialsGrant(await connect())
  return access_token
}
