/**
 * A workflow as data: which factors a person may use, when a second one is needed, what can be changed or reset. The wire is
 * the payload of a Customization document of the application IDPWorkflows. Names of factors, actions and policies are
 * kept exactly as they were written; both vocabularies (`class` and `step_up`, `type` and `stepUp`) end here as one.
 * Every entry knows the pointer at which it stands, so that whatever is said about it can be found.
 */
import type { Action } from '#workflow/action.ts'
import type { EnrolAction, ProtectionFactor } from '#workflow/enrolment.ts'
import type { FirstFactor, SecondFactor } from '#workflow/factor.ts'

export interface Workflow {
  readonly id: string
  /** Absent: the theme of the client. */
  readonly themeId?: string
  readonly criteria: readonly AccessCriteria[]
  readonly actions: readonly Action[]
  readonly firstFactors: readonly FirstFactor[]
  readonly secondFactors: readonly SecondFactor[]
  readonly enrolActions: readonly EnrolAction[]
  readonly protectionFactors: readonly ProtectionFactor[]
}

/** How the factors and actions that name it are narrowed down for one person and one request. */
export interface AccessCriteria {
  readonly at: string
  readonly id: string
  /** Offer a first factor only to somebody who has an authenticator of its policy. */
  readonly firstFactorsFiltering: boolean
  readonly secondFactorsFiltering: boolean
  /** Honour `acr_values` of the request. */
  readonly acrFiltering: boolean
}
