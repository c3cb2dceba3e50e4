/** The part of `oidc-provider` 9 that the bench uses; the package brings no types. */
declare module 'oidc-provider' {
  import type { Server } from 'node:http'

  export interface Adapter {
    upsert(id: string, payload: object, expiresIn: number): Promise<void>
    find(id: string): Promise<object | undefined>
    findByUserCode(code: string): Promise<object | undefined>
    findByUid(uid: string): Promise<object | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export default class Provider {
    constructor(issuer: string, configuration: object)
    listen(port: number, host: string): Server
  }
}
