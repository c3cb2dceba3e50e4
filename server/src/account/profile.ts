/** GET /{tenant}/account/profile: who the person is and when he last signed in, by each way that he has. */
import { type Profile, profile as shape } from '@countersign/protocol/account/profile.ts'
import { forPerson, personal, personalRefusals, timeOf } from '#account/person.ts'
import type { OwnProfiles } from '#administration/own-profile.ts'
import { endpoint } from '#http/endpoint.ts'

type Needs = { readonly profiles: OwnProfiles }

export const profile = endpoint({
  method: 'GET',
  path: '/{tenant}/account/profile',
  summary: 'Shows the person who asks: names, and the last sign-ins.',
  access: personal,
  answers: { status: 200, shape },
  refusals: personalRefusals,
  handle: forPerson(async (_, { tenant }, person, { profiles }: Needs) => {
    const { user, signIns } = await profiles.load(tenant, person.user)
    const body: Profile = {
      user_name: user.userName,
      given_name: user.givenName,
      family_name: user.familyName,
      sign_ins: signIns.map(({ at_ms, policy, channel, device }) => ({
        at: timeOf(at_ms),
        policy: policy.code,
        policy_name: policy.name,
        channel,
        device: device === null ? null : String(device),
      })),
    }
    return { body }
  }),
})
