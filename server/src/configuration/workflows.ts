/**
 * Login workflows: `/configuration/{tenant}/v2/Custo/IDPWorkflows`. One that cannot be read as a workflow is refused with the places
 * of what is wrong; one that leads somewhere that is not there is stored, and the answer warns of it.
 */
import { createHash } from 'node:crypto'
import {
  type CustomizationWrite,
  customizationWire,
  customizationWrite,
} from '@countersign/protocol/configuration/customization.ts'
import { workflowKind } from '#administration/workflow-kind.ts'
import { cardWarnings, type Warning } from '#configuration/card-warnings.ts'
import { customizationOnWire, customizationPermissions, newCode, refuseProblems } from '#configuration/customization.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { Configuration } from '#domain/configuration.ts'
import { Refusal } from '#domain/refusal.ts'
import type { WorkflowDocument } from '#domain/workflow-document.ts'
import type { Endpoint } from '#http/endpoint.ts'
import { bounds } from '#workflow/bounds.ts'
import { lint } from '#workflow/lint.ts'
import { readWorkflow } from '#workflow/read-workflow.ts'
import type { Workflow } from '#workflow/workflow.ts'

const kind = {
  path: '/configuration/{tenant}/v2/Custo/IDPWorkflows',
  noun: 'login workflow',
  shape: customizationWire,
  list: workflowKind.all,
  find: workflowKind.find,
  onWire: customizationOnWire('IDPWorkflow'),
  permissions: customizationPermissions,
}

export const workflows: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...writeDocuments({
    ...kind,
    rules: workflowKind,
    writeShape: customizationWrite,
    maxBytes: bounds.text,
    put: 'replaces',
    create: (body: CustomizationWrite) => written(newCode(body), body),
    change: ({ code }: WorkflowDocument, body: CustomizationWrite) => written(code, body),
    told: warnings,
  }),
]

function written(code: string, body: CustomizationWrite): WorkflowDocument {
  const { payload } = body
  refuseProblems(readWorkflow({ ...body, id: code }).problems)
  const text = JSON.stringify(payload)
  if (text.length > bounds.text) throw new Refusal('too_long', `A workflow has at most ${bounds.text} characters.`)
  return { code, payload, hash: createHash('sha256').update(text).digest('hex') }
}

/** What the lint finds, and names of the configuration that are not there. */
function warnings({ code, payload }: WorkflowDocument, configuration: Configuration): object {
  const { workflow, unread } = readWorkflow({ id: code, payload })
  if (!workflow) return {}
  const found: readonly Warning[] = [
    ...lint(workflow, unread),
    ...strangers(workflow, configuration),
    ...cardWarnings(workflow, configuration),
  ]
  return found.length === 0
    ? {}
    : {
        warnings: found.slice(0, bounds.problems).map(({ at, code, sentence, next }) => ({ at, code, sentence, next })),
      }
}

function strangers(workflow: Workflow, configuration: Configuration): readonly Warning[] {
  const { firstFactors, secondFactors, enrolActions, protectionFactors, themeId } = workflow
  // The code of a card's enrolment is any text.
  const keys = enrolActions.filter(one => one.class !== 'CARD')
  const named = [...firstFactors, ...secondFactors, ...keys, ...protectionFactors]
  const policies = named
    .filter(({ code }) => configuration.findPolicy(code) === undefined)
    .map(({ at }) => ({
      at: `${at}/code`,
      code: 'unknown_policy',
      sentence: 'This tenant has no policy of this name: nobody can own an authenticator of it.',
      next: 'Name a policy of Policy/Authenticator, or make one.',
    }))
  if (themeId === undefined || configuration.findTheme(themeId)) return policies
  const theme = {
    at: '/payload/theme_id',
    code: 'unknown_theme',
    sentence: 'This tenant has no theme of this name: the theme of the client is shown.',
    next: 'Store the theme under IDPThemes, or take the name away.',
  }
  return [...policies, theme]
}
