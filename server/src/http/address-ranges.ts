/**
 * Addresses and ranges of them in CIDR notation (RFC 4632, RFC 4291 section 2.3), as settings and tenants list them. Equal addresses
 * come out as equal text: IPv4 inside IPv6 is unwrapped, IPv6 is in its canonical form.
 */
import { BlockList, isIP, SocketAddress } from 'node:net'

export interface AddressRanges {
  /** Of a canonical address. */
  has(address: string): boolean
}

const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i
const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4')

/** The canonical text of an address, or undefined when it is none. Ports, names and zones are not addresses. */
export function canonicalAddress(text: string): string | undefined {
  const inner = mapped.exec(text)?.[1] ?? text
  const version = isIP(inner)
  if (version === 4) return inner
  if (version !== 6 || inner.includes('%')) return undefined
  const canonical = new SocketAddress({ address: inner, family: 'ipv6' }).address
  return mapped.exec(canonical)?.[1] ?? canonical
}

/** `entries` are addresses and CIDR ranges. Throws RangeError when one is malformed. */
export function addressRanges(entries: readonly string[]): AddressRanges {
  const list = new BlockList()
  for (const entry of entries) add(list, entry)
  return { has: address => list.check(address, familyOf(address)) }
}

function add(list: BlockList, entry: string): void {
  const [text = '', bits, more] = entry.split('/')
  const address = canonicalAddress(text)
  if (address === undefined || more !== undefined) throw new RangeError(`not an address or range: ${entry}`)
  const family = familyOf(address)
  if (bits === undefined) {
    list.addAddress(address, family)
    return
  }
  const length = Number(bits)
  if (!/^\d{1,3}$/.test(bits) || length > (family === 'ipv6' ? 128 : 32)) {
    throw new RangeError(`not an address or range: ${entry}`)
  }
  list.addSubnet(address, length, family)
}
