/** What can be read but will not do what somebody meant by it. Every code has its line in docs/integrate/workflows.md. */

export const findingCodes = [
  'unread_member',
  'unknown_criteria',
  'unknown_action',
  'unknown_enrol_action',
  'unknown_first_factor',
  'unknown_next_action',
  'unknown_protection_factor',
  'unused_criteria',
  'unused_action',
  'unused_enrol_action',
  'unused_protection_factor',
  'no_first_factor',
  'upon_on_first_factor',
  'second_factor_unreachable',
  'step_up_without_second_factor',
  'policy_twice',
  'same_proof_twice',
  'oob_first',
  'card_alone',
  'code_without_otp',
  'code_policy_differs',
  'acr_missing',
  'acr_too_strong',
  'poll_never_repeats',
  'no_recovery',
  'reset_without_methods',
  'reset_without_next_action',
  'next_action_sets_nothing',
  'message_without_code',
  'enrolment_unprotected',
  'protection_not_provable',
  'enrolment_of_other_class',
  'binding_without_device_type',
] as const

export interface Finding {
  readonly code: (typeof findingCodes)[number]
  /** JSON pointer. */
  readonly at: string
  readonly sentence: string
  /** What to do about it. */
  readonly next: string
}

export const quoted = (name: string): string => JSON.stringify(name)
