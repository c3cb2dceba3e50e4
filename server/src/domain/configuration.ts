/**
 * What a tenant works with: the stock documents of this version of the server, covered by the tenant's own ones.
 * A tenant stores only its own documents. One with the code of a stock document stands in its place, so that a code which
 * a later version adds to the stock never changes what a tenant made under that code before.
 */
import type { AttributeType } from '#domain/attribute-type.ts'
import { type CallbackRules, NO_CALLBACK_RULES } from '#domain/callback-rules.ts'
import {
  ANY_CARD,
  type CardApplication,
  cardCredentialType,
  cardDeviceType,
  cardPolicy,
} from '#domain/card-application.ts'
import type { Channel } from '#domain/channel.ts'
import { type CorsRules, NO_CORS_RULES } from '#domain/cors-rules.ts'
import type { CredentialType } from '#domain/credential-type.ts'
import type { DeviceType } from '#domain/device-type.ts'
import { type FidoPolicy, STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import type { Gateway, MailGateway, SmsGateway } from '#domain/gateway.ts'
import type { Group } from '#domain/group.ts'
import type { MessageTemplate } from '#domain/message-template.ts'
import type { PermissionSet } from '#domain/permission-set.ts'
import type { Policy } from '#domain/policy.ts'
import type { Role } from '#domain/role.ts'
import type { ThemeDocument } from '#domain/theme-document.ts'
import type { WorkflowDocument } from '#domain/workflow-document.ts'

/** A code of the reference that this server does not have because its algorithm is unpublished. */
export interface Absence {
  readonly code: string
  readonly name: string
  readonly algorithm: string
}

/** Lists of documents, by kind. */
export interface Documents {
  readonly policies: readonly Policy[]
  readonly deviceTypes: readonly DeviceType[]
  readonly credentialTypes: readonly CredentialType[]
  readonly channels: readonly Channel[]
  readonly groups: readonly Group[]
  readonly roles: readonly Role[]
  readonly permissionSets: readonly PermissionSet[]
  readonly attributeTypes: readonly AttributeType[]
  readonly gateways: readonly Gateway[]
  readonly mailGateways: readonly MailGateway[]
  readonly smsGateways: readonly SmsGateway[]
  readonly messageTemplates: readonly MessageTemplate[]
  readonly workflows: readonly WorkflowDocument[]
  readonly themes: readonly ThemeDocument[]
  /** One document, with the code CALLBACKS. */
  readonly callbackRules: readonly CallbackRules[]
  /** One document, with the code CORS. */
  readonly corsRules: readonly CorsRules[]
  /** One document, with the code FIDO. */
  readonly fidoPolicies: readonly FidoPolicy[]
  /** Each with a policy, a device type and a credential type that follow from it. */
  readonly cardApplications: readonly CardApplication[]
  readonly absences: readonly Absence[]
}

/** A tenant's own documents; what is absent is stock. */
export type Overrides = Partial<Omit<Documents, 'absences'>>

export interface Configuration extends Documents {
  findPolicy(code: string): Policy | undefined
  findDeviceType(code: string): DeviceType | undefined
  findCredentialType(code: string): CredentialType | undefined
  findChannel(code: string): Channel | undefined
  findGroup(code: string): Group | undefined
  findRole(code: string): Role | undefined
  findPermissionSet(code: string): PermissionSet | undefined
  findAttributeType(code: string): AttributeType | undefined
  findGateway(code: string): Gateway | undefined
  findMailGateway(code: string): MailGateway | undefined
  findSmsGateway(code: string): SmsGateway | undefined
  findMessageTemplate(code: string): MessageTemplate | undefined
  findWorkflow(code: string): WorkflowDocument | undefined
  findTheme(code: string): ThemeDocument | undefined
  findCardApplication(code: string): CardApplication | undefined
  /** Where this tenant's clients may be called back. */
  readonly callbacks: CallbackRules
  /** Whose pages may read this tenant's answers. */
  readonly cors: CorsRules
  /** Which makers' keys this tenant trusts. */
  readonly fido: FidoPolicy
  /** Why a device or credential type is not there: to be asked when it was not found, and refused with `algorithm_absent`. */
  findAbsence(code: string): Absence | undefined
}

interface Shelf<T> {
  readonly list: readonly T[]
  find(code: string): T | undefined
}

function shelf<T extends { readonly code: string }>(stock: readonly T[], own: readonly T[] = []): Shelf<T> {
  const byCode = new Map<string, T>()
  for (const document of stock) byCode.set(document.code, document)
  for (const document of own) byCode.set(document.code, document)
  return { list: own.length === 0 ? stock : [...byCode.values()], find: code => byCode.get(code) }
}

const beside = <T>(stock: readonly T[], derived: readonly T[]): readonly T[] =>
  derived.length === 0 ? stock : [...stock, ...derived]

/** Pure. Tenants without own documents can share one configuration. */
export function buildConfiguration(stock: Documents, overrides: Overrides = {}): Configuration {
  const cardApplications = shelf(stock.cardApplications, overrides.cardApplications)
  const cards = cardApplications.list
  const anyCard = stock.policies.find(({ code }) => code === ANY_CARD)
  const cardPolicies = anyCard ? cards.map(one => cardPolicy(anyCard, one)) : []
  const policies = shelf(beside(stock.policies, cardPolicies), overrides.policies)
  const deviceTypes = shelf(beside(stock.deviceTypes, cards.map(cardDeviceType)), overrides.deviceTypes)
  const credentialTypes = shelf(beside(stock.credentialTypes, cards.map(cardCredentialType)), overrides.credentialTypes)
  const channels = shelf(stock.channels, overrides.channels)
  const groups = shelf(stock.groups, overrides.groups)
  const roles = shelf(stock.roles, overrides.roles)
  const permissionSets = shelf(stock.permissionSets, overrides.permissionSets)
  const attributeTypes = shelf(stock.attributeTypes, overrides.attributeTypes)
  const gateways = shelf(stock.gateways, overrides.gateways)
  const mailGateways = shelf(stock.mailGateways, overrides.mailGateways)
  const smsGateways = shelf(stock.smsGateways, overrides.smsGateways)
  const messageTemplates = shelf(stock.messageTemplates, overrides.messageTemplates)
  const workflows = shelf(stock.workflows, overrides.workflows)
  const themes = shelf(stock.themes, overrides.themes)
  const corsRules = shelf(stock.corsRules, overrides.corsRules)
  const fidoPolicies = shelf(stock.fidoPolicies, overrides.fidoPolicies)
  const callbackRules = shelf(stock.callbackRules, overrides.callbackRules)
  const absences = shelf(stock.absences)
  return {
    policies: policies.list,
    deviceTypes: deviceTypes.list,
    credentialTypes: credentialTypes.list,
    channels: channels.list,
    groups: groups.list,
    roles: roles.list,
    permissionSets: permissionSets.list,
    attributeTypes: attributeTypes.list,
    gateways: gateways.list,
    mailGateways: mailGateways.list,
    smsGateways: smsGateways.list,
    messageTemplates: messageTemplates.list,
    workflows: workflows.list,
    themes: themes.list,
    corsRules: corsRules.list,
    cors: corsRules.list[0] ?? NO_CORS_RULES,
    cardApplications: cards,
    fidoPolicies: fidoPolicies.list,
    fido: fidoPolicies.list[0] ?? STOCK_FIDO_POLICY,
    callbackRules: callbackRules.list,
    callbacks: callbackRules.list[0] ?? NO_CALLBACK_RULES,
    absences: absences.list,
    findPolicy: policies.find,
    findDeviceType: deviceTypes.find,
    findCredentialType: credentialTypes.find,
    findChannel: channels.find,
    findGroup: groups.find,
    findRole: roles.find,
    findPermissionSet: permissionSets.find,
    findAttributeType: attributeTypes.find,
    findGateway: gateways.find,
    findMailGateway: mailGateways.find,
    findSmsGateway: smsGateways.find,
    findMessageTemplate: messageTemplates.find,
    findWorkflow: workflows.find,
    findTheme: themes.find,
    findCardApplication: cardApplications.find,
    findAbsence: absences.find,
  }
}
