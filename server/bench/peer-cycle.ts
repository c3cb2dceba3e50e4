/**
 * The same approval with the peer: its client asks, `backchannelResult` says that the user agreed, its client fetches the token.
 * The peer has no phone: the answer comes by a bare POST that `oidc-server.ts` adds, with no signature to verify.
 */
import { form, posted, type Walk } from './written-request.ts'

export interface PeerApprovalPlan {
  readonly kind: 'peer approval'
  readonly authorization: string
  readonly users: number
  readonly first: number
}

export function* peerApprovals({ authorization, users, first }: PeerApprovalPlan): Generator<Walk, never> {
  for (let k = first; ; k++) yield cycle(authorization, `user-${k % users}`)
}

function* cycle(authorization: string, user: string): Walk {
  const asked = `scope=openid&login_hint=${user}&binding_message=Log+on`
  const opened = yield posted(form('/backchannel', authorization, ''), asked)
  const { auth_req_id } = JSON.parse(opened.body) as { auth_req_id: string }
  yield posted(form('/answer', authorization, ''), `auth_req_id=${auth_req_id}`)
  const poll = `grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=${auth_req_id}`
  yield posted(form('/token', authorization, ''), poll)
}
