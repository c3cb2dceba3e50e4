/**
 * `/{tenant}/authn/portal/reset`: a link from a message. GET shows what it would do and changes nothing, because scanners of mail open links
 * before people do; POST sets the password (security.md R4). It signs nobody in, and needs no cookie: the token is the proof.
 */
import type { Constraints } from '@countersign/protocol/portal/flow.ts'
import { Type } from 'typebox'
import type { Recovery } from '#authentication/recovery.ts'
import type { Tenant } from '#domain/tenant.ts'
import { DEFAULT_THEME } from '#domain/theme-document.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'
import { readerOf } from '#openid/portal.ts'
import type { BuiltFiles } from '#openid/portal-files.ts'
import { type ResetForm, resetPage } from '#openid/portal-page/reset-page.ts'

interface Needs {
  readonly recovery: Recovery
  readonly portalFiles: BuiltFiles
}

/** Links are opened by people in front of a browser. */
const CHANNEL = 'CH_SSP'

const token = Type.String({ maxLength: 128, description: 'From the link.' })
const shared = {
  path: '/{tenant}/authn/portal/reset',
  access: anyone('the token of the link is what is checked'),
  answers: { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' },
  refusals: ['invalid_request', 'too_many_requests', 'temporarily_unavailable', 'not_found'],
} as const

export const showReset = endpoint({
  ...shared,
  method: 'GET',
  summary: 'Shows the page on which a link sets a new password; changes nothing.',
  query: Type.Object({ token }, { additionalProperties: true }),

  async handle({ query }, situation: Situation<Tenant>, needs: Needs) {
    const form = await formOf(query.token, [], situation, needs)
    return { body: pageOf(form, 'over', situation, needs) }
  },
})

export const resetByLink = endpoint({
  ...shared,
  method: 'POST',
  summary: 'Sets a new password by a link.',
  accepts: {
    as: 'form',
    shape: Type.Object({ token, new_password: Type.String({ maxLength: 512 }) }, { additionalProperties: true }),
    maxBytes: 8192,
  },

  async handle({ body }, situation: Situation<Tenant>, needs: Needs) {
    const { tenant, correlation } = situation
    const actor = { kind: 'anonymous' } as const
    const { token, new_password: newPassword } = body
    const end = await needs.recovery.reset(tenant, { token, newPassword, channel: CHANNEL, actor, correlation })
    const form = end.outcome === 'broken' ? await formOf(token, end.rules, situation, needs) : undefined
    return { body: pageOf(form, end.outcome === 'changed' ? 'set' : 'over', situation, needs) }
  },
})

async function formOf(
  token: string,
  broken: readonly string[],
  { tenant }: Situation<Tenant>,
  { recovery }: Needs,
): Promise<ResetForm | undefined> {
  const open = await recovery.lookReset(tenant, token)
  if (open === undefined) return undefined
  const constraints = Object.entries(open.constraints).filter(([, value]) => value !== undefined)
  return { token, broken, maskedName: open.maskedName, constraints: Object.fromEntries(constraints) as Constraints }
}

function pageOf(
  form: ResetForm | undefined,
  ended: 'set' | 'over',
  situation: Situation<Tenant>,
  { portalFiles }: Needs,
): string {
  const theme = situation.tenant.configuration.findTheme(DEFAULT_THEME)?.payload
  return resetPage(form, ended, theme, readerOf(situation, portalFiles))
}
