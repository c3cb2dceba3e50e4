/** A request on the screen: with the account that answers it and its end by this device's clock. */
import type { ApprovalRequest, Container } from '@countersign/sdk/container.ts'

export interface ShownRequest {
  readonly container: Container
  readonly request: ApprovalRequest
  readonly expires_ms: number
  readonly whole_seconds: number
  /** By the live camera, by a link, … Absent when it was in the inbox. */
  readonly scanned: boolean
}

export function shownRequest(container: Container, request: ApprovalRequest, scanned: boolean): ShownRequest {
  const { created_at, expires_at, server_time } = request
  return {
    container,
    request,
    expires_ms: Date.now() + (expires_at - server_time) * 1000,
    whole_seconds: Math.max(1, expires_at - created_at),
    scanned,
  }
}
