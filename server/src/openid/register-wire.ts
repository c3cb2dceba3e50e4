/**
 * A client as it is shown to whoever registered it: its metadata as it wrote them, what the server added, never a key of ours and
 * its secret only in the answer that made it. RFC 7591 section 3.2.1. Clients of the command line wrote no metadata.
 */
import type { StoredClient } from '#administration/client-needs.ts'
import type { ClientDocument } from '#domain/client.ts'

export function clientOnWire(
  { clientId, document, createdAt_ms }: StoredClient,
  issuer: string,
  secret?: string,
): object {
  return {
    ...usual(document),
    ...document.metadata,
    ...decided(document),
    client_id: clientId,
    ...(secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    client_id_issued_at: Math.floor(createdAt_ms / 1000),
    registration_client_uri: `${issuer}/register/${clientId}`,
  }
}

/** Where the client said nothing. */
const usual = (document: ClientDocument) => ({
  client_name: document.name,
  scope: document.scopes.join(' '),
  hid_client_scopes: JSON.stringify({ scopes: document.scopes }),
  backchannel_token_delivery_mode: document.delivery ?? 'push',
  tls_client_certificate_bound_access_tokens: false,
  hid_client_consentprompt: String(document.consentPrompt ?? false),
  require_pushed_authorization_requests: document.requiresPushed ?? false,
  ...(document.redirectUris
    ? {
        redirect_uris: document.redirectUris,
        response_types: document.responseTypes ?? ['code'],
        application_type: document.applicationType ?? 'web',
      }
    : {}),
  ...(document.workflowId ? { workflow_id: document.workflowId } : {}),
  ...(document.themeId ? { theme_id: document.themeId } : {}),
  ...(document.idTokenEncryption ? { id_token_encrypted_response_enc: document.idTokenEncryption.enc } : {}),
})

/** What holds, whatever was written: defaults, and what was inherited. */
const decided = (document: ClientDocument) => ({
  token_endpoint_auth_method: document.authMethod ?? 'client_secret_basic',
  grant_types: document.grantTypes,
  number_matching: document.numberMatching ?? false,
  userless_silent: document.userlessSilent ?? false,
  dcs: document.dcs ?? false,
  dcs_free_text: document.dcsFreeText ?? false,
})
