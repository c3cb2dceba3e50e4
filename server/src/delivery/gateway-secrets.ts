/** The secrets of a gateway for mail or short messages, opened for one attempt. */
import { type GatewayList, type MailGateway, type SmsGateway, secretPlace } from '#domain/gateway.ts'
import type { Sealer } from '#domain/ports/sealer.ts'

/** By name. */
export type Secrets = ReadonlyMap<string, string>

export const secretsOf = (
  sealer: Sealer,
  list: GatewayList,
  { code, secrets = {} }: Pick<MailGateway | SmsGateway, 'code' | 'secrets'>,
): Secrets =>
  new Map(
    Object.entries(secrets).map(([name, sealed]) => {
      const bytes = sealer.unseal(secretPlace(list, code, name), Buffer.from(sealed, 'base64url'))
      return [name, Buffer.from(bytes).toString('utf8')] as const
    }),
  )
