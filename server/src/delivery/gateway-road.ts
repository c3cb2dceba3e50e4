/** The road to a gateway for messages: guarded like any, and with which authorities its certificate counts. */
import { rootCertificates } from 'node:tls'
import type { Road } from '#delivery/post.ts'

export interface GatewayRoad extends Road {
  /** In PEM, beside those of the system. */
  readonly authorities?: readonly string[] | undefined
}

export const trustedBy = ({ authorities }: GatewayRoad): { readonly ca?: string[] } =>
  authorities === undefined ? {} : { ca: [...rootCertificates, ...authorities] }
