/**
 * Whom a request comes from: the peer's address, or what trusted proxies wrote in X-Forwarded-For.
 * Read only when the peer is a listed proxy, from the right, stepping over listed proxies. A header with one unreadable part is not
 * believed at all, and nothing here throws: the answer is then the peer itself (security.md's rule on unparsable headers).
 * Equal addresses come out as equal text: IPv4 inside IPv6 is unwrapped, IPv6 is in its canonical form.
 */
import { BlockList, isIP, SocketAddress } from 'node:net'
import { limits } from '#http/limits.ts'

export type SourceAddress = (peer: string | undefined, forwarded: string | undefined) => string

const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i

/** The canonical text of an address, or undefined when it is none. Ports, names and zones are not addresses. */
export function canonicalAddress(text: string): string | undefined {
  const inner = mapped.exec(text)?.[1] ?? text
  const version = isIP(inner)
  if (version === 4) return inner
  if (version !== 6 || inner.includes('%')) return undefined
  const canonical = new SocketAddress({ address: inner, family: 'ipv6' }).address
  return mapped.exec(canonical)?.[1] ?? canonical
}

/** `trusted` holds addresses and CIDR ranges. Throws RangeError at start when one is malformed. */
export function sourceAddress(trusted: readonly string[]): SourceAddress {
  const proxies = new BlockList()
  for (const entry of trusted) addProxy(proxies, entry)
  const isProxy = (address: string) => proxies.check(address, address.includes(':') ? 'ipv6' : 'ipv4')

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

function addProxy(proxies: BlockList, entry: string): void {
  const [text = '', bits] = entry.split('/')
  const address = canonicalAddress(text)
  if (address === undefined) throw new RangeError(`not an address or range of a trusted proxy: ${entry}`)
  const family = address.includes(':') ? 'ipv6' : 'ipv4'
  if (bits === undefined) {
    proxies.addAddress(address, family)
    return
  }
  const length = Number(bits)
  if (!/^\d{1,3}$/.test(bits) || length > (family === 'ipv6' ? 128 : 32)) {
    throw new RangeError(`not an address or range of a trusted proxy: ${entry}`)
  }
  proxies.addSubnet(address, length, family)
}
