/**
 * Which addresses are public: for IPv4 all but the special ones of the IANA registry (RFC 6890), for IPv6 only global unicast
 * without what embeds another address or is for documentation. So private networks, loopback, link-local (cloud metadata among
 * them), carrier NAT, multicast, IPv4-mapped, NAT64, 6to4 and Teredo are not.
 */
import { BlockList, isIP } from 'node:net'

const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  // Teredo, benchmarking, ORCHID
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4
  ['2002::', 16],
  ['3fff::', 20],
]

const special = new BlockList()
for (const [net, bits] of SPECIAL_V4) special.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of SPECIAL_V6) special.addSubnet(net, bits, 'ipv6')
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

export function isPublic(address: string): boolean {
  const family = familyOf(address)
  if (family === undefined || special.check(address, family)) return false
  return family === 'ipv4' || globalUnicast.check(address, family)
}

export function isLoopback(address: string): boolean {
  const family = familyOf(address)
  return family !== undefined && loopback.check(address, family)
}

/** A tenant's CIDR ranges; what cannot be read admits nothing. */
export function rangesOf(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', bits = ''] = range.split('/')
    const family = familyOf(net)
    const most = family === 'ipv4' ? 32 : 128
    if (family !== undefined && /^[0-9]{1,3}$/.test(bits) && Number(bits) <= most) {
      list.addSubnet(net, Number(bits), family)
    }
  }
  return address => {
    const family = familyOf(address)
    return family !== undefined && list.check(address, family)
  }
}

/** An address with a zone (`fe80::1%2`) is none of ours to call. */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = address.includes('%') ? 0 : isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
