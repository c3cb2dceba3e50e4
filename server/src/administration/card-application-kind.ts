/**
 * Applications of contactless cards. What follows from one (policy, device type, credential type) is judged with it and must stand under
 * free codes; while a card or an authenticator is about, or a workflow names it, it stays.
 */
import type { DocumentKind } from '#administration/document-kind.ts'
import { policyKind } from '#administration/policy-rules.ts'
import {
  ANY_CARD,
  type CardApplication,
  cardCredentialTypeCode,
  cardDeviceTypeCode,
  cardPolicy,
  cardPolicyCode,
} from '#domain/card-application.ts'
import type { Configuration } from '#domain/configuration.ts'
import { Refusal } from '#domain/refusal.ts'

export const cardApplicationKind: DocumentKind<CardApplication> = {
  list: 'cardApplications',
  noun: 'card application',
  event: 'CardApplication',
  parameter: 'TEXT2',
  most: 50,
  find: (configuration, code) => configuration.findCardApplication(code),
  all: configuration => configuration.cardApplications,
  refusalOf(application, { configuration, inUse }) {
    const { code, maximumDevicePerUser: most, proof, secrets } = application
    const taken =
      configuration.findPolicy(cardPolicyCode(code)) ??
      configuration.findDeviceType(cardDeviceTypeCode(code)) ??
      configuration.findCredentialType(cardCredentialTypeCode(code))
    if (taken) return new Refusal('uniqueness', `There is ${taken.code} already.`)
    if (most !== -1 && !(most >= 1 && most <= 100))
      return wrong('maximumDevicePerUser is 1 to 100, or -1 for no limit.')
    if ((proof === 'cmac') !== (secrets?.masterKey !== undefined))
      return wrong('proof: masterKey belongs to cmac, and to it alone.')
    const any = configuration.findPolicy(ANY_CARD)
    if (!any) return new Refusal('action_not_possible', `There is no policy ${ANY_CARD}.`)
    return policyKind.refusalOf(cardPolicy(any, application), { configuration, before: undefined, inUse })
  },
  refusalOfRemoval: ({ code }, { workflows }: Configuration) => {
    const holder = workflows.find(({ payload }) => namesApplication(payload, code))
    return holder && new Refusal('action_not_possible', `The workflow ${holder.code} names it.`)
  },
  use: (queries, tenant, code) => queries.useOfCards(tenant, cardPolicyCode(code), cardDeviceTypeCode(code)),
}

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

const LISTS = ['firstFactors', 'secondFactors', 'enrollActions', 'enrollProtectionFactors']

interface Entry {
  readonly code?: unknown
  readonly allowedCards?: readonly unknown[]
}

function namesApplication(payload: unknown, application: string): boolean {
  const members = payload as Readonly<Record<string, readonly Entry[] | undefined>>
  const policy = cardPolicyCode(application)
  return LISTS.some(list =>
    members[list]?.some(({ code, allowedCards }) => code === policy || allowedCards?.includes(application)),
  )
}
