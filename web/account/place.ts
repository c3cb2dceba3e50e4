/** Where this page stands: the tenant in its address, and the addresses next to it. The server's own origin comes with the page. */
const [, tenant = ''] = location.pathname.split('/')

/** Undefined when the page was built without a server, in a test. */
const { origin } = document.documentElement.dataset

export const place = {
  tenant,
  api: `/${tenant}/account`,
  authn: `/${tenant}/authn`,
  /** Registered byte by byte: with the slash, at the public origin. */
  self: `${origin || location.origin}/${tenant}/account/`,
}

/** Reached by another name of the server (127.0.0.1, say) nobody can sign in: go to where it is known. */
export function isElsewhere(): boolean {
  return !place.self.startsWith(`${location.origin}/`)
}
