/**
 * The namespaces a key container is written in (RFC 6030 section 4, XML Signature, XML Encryption 1.0 and 1.1) and how
 * to reach into it.
 */
import type { Element } from '#administration/import/pskc/element.ts'

export const PSKC = 'urn:ietf:params:xml:ns:keyprov:pskc'
export const DS = 'http://www.w3.org/2000/09/xmldsig#'
export const XENC = 'http://www.w3.org/2001/04/xmlenc#'
export const XENC11 = 'http://www.w3.org/2009/xmlenc11#'
export const PKCS5 = 'http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#'

export function childrenOf(parent: Element, namespace: string, name: string): readonly Element[] {
  return parent.children.filter(child => child.name === name && child.namespace === namespace)
}

/** The first child of that name along a path, or undefined: `find(key, PSKC, 'Data', 'Secret')`. */
export function find(parent: Element | undefined, namespace: string, ...path: readonly string[]): Element | undefined {
  let at = parent
  for (const name of path) at = at && childrenOf(at, namespace, name)[0]
  return at
}
