/**
 * Addresses that a client registers: `redirect_uris` (RFC 7591 section 2, RFC 8252 section 7.3, RFC 9700 section 4.1) and those that we
 * call back. Absolute and https, without fragment, user and password; http only on a loopback host. They are compared later
 * as they were written, so what a browser would read as another address than it shows (dots, odd hosts) is refused.
 */
import type { CallbackRules } from '#domain/callback-rules.ts'
import { Refusal } from '#domain/refusal.ts'
import { addressRanges, canonicalAddress } from '#http/address-ranges.ts'
import { type Metadata, textIn, textsIn, wrongMember } from '#openid/register-members.ts'

const MOST_REDIRECTS = 20
const MOST_CALLBACKS = 10
const LONGEST = 2000

const form =
  /^(?<scheme>https?):\/\/(?<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(?<port>[1-9][0-9]{0,4}))?(?<rest>[/?][!$-;=?-Z_a-z~[\]]*)?$/i

/** Broken or controlling escapes, and segments of dots, which some servers resolve even where they are escaped or hold parameters. */
const ambiguous = /%(?![0-9a-f]{2})|%(?:0[0-9a-f]|1[0-9a-f]|7f)|(?:^|\/|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/;?]|%2f|%5c|%3b)/i

interface Address {
  readonly secure: boolean
  /** In lower case; IPv6 without its brackets. */
  readonly host: string
}

/** What the text says, when every reader must understand the same by it. */
function readAddress(text: string): Address | undefined {
  const parts = text.length > LONGEST ? undefined : form.exec(text)?.groups
  if (!parts || !URL.canParse(text)) return undefined
  const { hostname, pathname } = new URL(text)
  const { scheme = '', host = '', rest = '' } = parts
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '')
  const read = hostname.replace(/^\[|\]$/g, '')
  // Hosts in decimal, octal or shortened form come out of the parser as another text.
  if (canonicalAddress(bare) === undefined ? read !== bare : canonicalAddress(read) !== canonicalAddress(bare))
    return undefined
  if (rest.startsWith('/') && pathname !== rest.replace(/\?.*$/s, '')) return undefined
  if (ambiguous.test(rest)) return undefined
  return { secure: scheme.toLowerCase() === 'https', host: bare }
}

/** RFC 8252 section 7.1: the reversed name of a domain, so that two applications do not take the same. */
const privateUse = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:\/[!$-;=?A-Z_a-z~]*$/

const isOfApplication = (text: string) =>
  text.length <= LONGEST && privateUse.test(text) && !ambiguous.test(text.slice(text.indexOf(':') + 1))

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

export function redirectsIn(metadata: Metadata, native = false): readonly string[] {
  const uris = textsIn(metadata, 'redirect_uris', MOST_REDIRECTS) ?? []
  for (const uri of uris) {
    const address = readAddress(uri)
    const reached = address && (address.secure || isLoopback(address.host))
    if (uri.includes('*') || !(reached || (native && isOfApplication(uri)))) {
      throw new Refusal(
        'invalid_redirect_uri',
        'A redirect URI is an absolute https URI, or http on a loopback host, without fragment, user, wildcard and dot segments; of native applications also one with a scheme like com.example.app.',
      )
    }
  }
  return uris
}

export function callbackIn(metadata: Metadata, name: string, rules: CallbackRules): string | undefined {
  const uri = textIn(metadata, name, LONGEST)
  return uri === undefined || uri === '' ? undefined : checkedCallback(uri, name, rules)
}

export function callbacksIn(metadata: Metadata, name: string, rules: CallbackRules): readonly string[] | undefined {
  return textsIn(metadata, name, MOST_CALLBACKS)?.map(uri => checkedCallback(uri, name, rules))
}

function checkedCallback(uri: string, name: string, rules: CallbackRules): string {
  const address = readAddress(uri)
  if (address && (address.secure || isAdmitted(address.host, rules))) return uri
  throw wrongMember(name, 'is an absolute https URI without fragment and user; http only where the tenant allows it')
}

/** Names are judged when they are called: what they resolve to today says nothing about then. */
function isAdmitted(host: string, { allowedRanges }: CallbackRules): boolean {
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [canonicalAddress(host)]
  const ranges = addressRanges(allowedRanges)
  return addresses.some(address => address !== undefined && ranges.has(address))
}
