/**
 * The person's passwords: which there are and what a new one must hold to, and the change of one by the old one. The old one is an
 * attempt like any other, counted with those of log-ons. Surprise: a change ends every session of the person, this one included.
 */
import { type OwnPasswords, ownPasswords, passwordChange } from '@countersign/protocol/account/password.ts'
import { type Static, Type } from 'typebox'
import { forPerson, maybeTime, personal, personalRefusals } from '#account/person.ts'
import type { OwnProfiles } from '#administration/own-profile.ts'
import { ACCOUNT_CLIENT } from '#authentication/account-client.ts'
import type { Recovery } from '#authentication/recovery.ts'
import { constraintsOf } from '#domain/password-constraints.ts'
import { Refusal } from '#domain/refusal.ts'
import { type Endpoint, endpoint } from '#http/endpoint.ts'

interface Needs {
  readonly profiles: OwnProfiles
  readonly recovery: Pick<Recovery, 'change'>
}

const CHANNEL = 'CH_SSP'

export const passwordEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/{tenant}/account/passwords',
    summary: 'Lists the passwords of the person who asks, with the rules for a new one.',
    access: personal,
    answers: { status: 200, shape: ownPasswords },
    refusals: personalRefusals,
    handle: forPerson(async (_, { tenant }, person, { profiles }: Needs) => {
      const held = await profiles.passwords(tenant, person.user)
      const body: OwnPasswords = {
        passwords: held.map(({ policy, expiryAt_ms, lastUsedAt_ms }) => ({
          policy: policy.code,
          name: policy.name,
          expires_at: maybeTime(expiryAt_ms),
          last_used_at: maybeTime(lastUsedAt_ms),
          constraints: constraintsOf(policy) ?? {},
        })),
      }
      return { body }
    }),
  }),

  endpoint({
    method: 'POST',
    path: '/{tenant}/account/password',
    summary: 'Changes a password of the person who asks, by the old one; every session of his is over then.',
    access: personal,
    accepts: { as: 'json', shape: passwordChange },
    answers: { status: 204, shape: Type.Null() },
    refusals: [...personalRefusals, 'invalid_value', 'invalid_grant', 'password_not_allowed'],
    handle: forPerson(
      async ({ body }: { readonly body: Static<typeof passwordChange> }, { tenant }, person, needs: Needs) => {
        const policy = tenant.configuration.findPolicy(body.policy)
        if (!policy?.password) throw new Refusal('invalid_value', 'policy is none of passwords.')
        const { user } = await needs.profiles.load(tenant, person.user)
        const end = await needs.recovery.change(tenant, {
          ...{ name: user.userName, policy, channel: CHANNEL, client: ACCOUNT_CLIENT },
          oldPassword: body.old_password,
          newPassword: body.new_password,
          actor: { kind: 'user', id: person.user },
          correlation: person.correlation,
        })
        if (end.outcome === 'rejected') throw wrong(end.reason)
        return end.outcome === 'broken' ? notAllowed(end.rules) : { body: null }
      },
    ),
  }),
]

const wrong = (reason: string) =>
  new Refusal('invalid_grant', 'The old password is wrong, or may not be used now.', { reason })

const notAllowed = (broken: readonly string[]) => ({
  status: 400,
  body: { error: 'password_not_allowed', error_description: 'The password does not fit its rules.', broken },
})
