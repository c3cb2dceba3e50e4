/**
 * Whom a request comes from: the peer's address, or what trusted proxies wrote in X-Forwarded-For.
 * Read only when the peer is a listed proxy, from the right, stepping over listed proxies. A header with one unreadable part is not
 * believed at all, and nothing here throws: the answer is then the peer itself (security.md's rule on unparsable headers).
 */
import { addressRanges, canonicalAddress } from '#http/address-ranges.ts'
import { limits } from '#http/limits.ts'

export type SourceAddress = (peer: string | undefined, forwarded: string | undefined) => string

/** `trusted` holds addresses and CIDR ranges. Throws RangeError at start when one is malformed. */
export function sourceAddress(trusted: readonly string[]): SourceAddress {
  const proxies = addressRanges(trusted)
  const isProxy = (address: string) => proxies.has(address)

  // Requests of one peer tend to follow each other.
  let lastPeer: string | undefined
  let direct: string | undefined

  return (peer, forwarded) => {
    if (peer !== lastPeer) {
      direct = peer === undefined ? undefined : canonicalAddress(peer)
      lastPeer = peer
    }
    if (direct === undefined) return 'unknown'
    if (trusted.length === 0 || forwarded === undefined || !isProxy(direct)) return direct
    return clientBehind(forwarded, isProxy) ?? direct
  }
}

function clientBehind(forwarded: string, isProxy: (address: string) => boolean): string | undefined {
  if (forwarded.length > limits.forwarded_characters.value) return undefined
  const hops: string[] = []
  for (const part of forwarded.split(',')) {
    const address = canonicalAddress(part.trim())
    if (address === undefined || hops.length === limits.forwarded_hops.value) return undefined
    hops.push(address)
  }
  return hops.findLast(hop => !isProxy(hop)) ?? hops[0]
}
