/**
 * A service as people and invitations write it, `host[:port]/tenant`, and the root of its addresses (approve protocol,
 * section 1). Only a loopback host is reached by http; everything else by https, whatever somebody wrote before it.
 */
const form = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::([0-9]{1,5}))?\/([A-Za-z0-9_-]{1,64})$/

export interface Service {
  /** Lower-case host, port unless it is the usual one of its scheme, tenant: what containers are keyed by. */
  readonly name: string
  readonly tenant: string
  /** `https://host[:port]/tenant`. */
  readonly root: string
}

/** Undefined when the text is no service. A scheme and a trailing slash, as people paste them, are taken off. */
export function readService(text: string): Service | undefined {
  const bare = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
  const slash = bare.indexOf('/')
  if (slash < 1) return undefined
  const match = form.exec(bare.slice(0, slash).toLowerCase() + bare.slice(slash))
  if (!match) return undefined
  const [, host = '', port, tenant = ''] = match
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined
  const scheme = isLoopback(host) ? 'http' : 'https'
  const usual = port === undefined || Number(port) === (scheme === 'http' ? 80 : 443)
  const place = usual ? host : `${host}:${Number(port)}`
  return { name: `${place}/${tenant}`, tenant, root: `${scheme}://${place}/${tenant}` }
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '[::1]') return true
  const parts = /^127\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/.exec(host)
  return parts?.slice(1).every(part => Number(part) < 256) ?? false
}
