/**
 * Which screen an address means. Everything stands after `#`, which reaches no server. What arrives by a link and is secret (an
 * invitation) or good once (a scanned request) is taken out of the address at once: it would stay in the history otherwise.
 */
export type Route =
  | {
      readonly page: 'requests' | 'codes' | 'accounts' | 'scan' | 'add' | 'typed' | 'pasted' | 'invitation' | 'scanned'
    }
  | { readonly page: 'request'; readonly container: string; readonly id: string }
  | { readonly page: 'account' | 'history' | 'settings' | 'code'; readonly container: string }

const plain = ['codes', 'accounts', 'scan', 'add', 'typed', 'pasted', 'invitation', 'scanned'] as const
const ofContainer = ['account', 'history', 'settings', 'code'] as const

export function readRoute(hash: string): Route {
  const [page = '', container = '', id = ''] = hash.replace(/^#\/?/, '').split('/').map(decodedPart)
  const simple = plain.find(one => one === page)
  if (simple && container === '') return { page: simple }
  const one = ofContainer.find(name => name === page)
  if (one && container !== '') return { page: one, container }
  if (page === 'request' && container !== '' && id !== '') return { page, container, id }
  return { page: 'requests' }
}

export function linkTo(route: Route): string {
  if (route.page === 'requests') return '#/'
  if (route.page === 'request')
    return `#/request/${encodeURIComponent(route.container)}/${encodeURIComponent(route.id)}`
  return 'container' in route ? `#/${route.page}/${encodeURIComponent(route.container)}` : `#/${route.page}`
}

/** The text of an arrival by link, which the caller must take out of the address. */
export const isArrival = (hash: string) => /^#(invite|scan)=/.test(hash)

function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
