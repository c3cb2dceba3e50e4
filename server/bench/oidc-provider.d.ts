/** The part of `oidc-provider` 9 that the bench uses; the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Adapter {
    upsert(id: string, payload: object, expiresIn: number): Promise<void>
    find(id: string): Promise<object | undefined>
    findByUserCode(code: string): Promise<object | undefined>
    findByUid(uid: string): Promise<object | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export interface BackchannelRequest {
    readonly clientId: string
    readonly accountId: string
  }

  export interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  export default class Provider {
    constructor(issuer: string, configuration: object)
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    readonly BackchannelAuthenticationRequest: { find(id: string): Promise<BackchannelRequest | undefined> }
    readonly Grant: new (of: {
      accountId: string
      clientId: string
    }) => Grant
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
    backchannelResult(request: BackchannelRequest, grant: Grant): Promise<void>
  }
}
