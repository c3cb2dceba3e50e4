/**
 * The documents by which people sign in at the demo: the sample workflows of the repository under their ids, one for passwords that
 * expired with a policy of its own, one for any passkey, the cards that a sample names, and the theme of the example bank. They are the tenant's own: change them, and see what happens.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cardApplicationKind } from '#administration/card-application-kind.ts'
import type { Administrator } from '#administration/change.ts'
import { policyKind } from '#administration/policy-rules.ts'
import { themeKind } from '#administration/theme-kind.ts'
import { workflowKind } from '#administration/workflow-kind.ts'
import { EXPIRED_POLICY, EXPIRED_WORKFLOW, PASSKEY_WORKFLOW, THEME } from '#cli/demo-samples.ts'
import type { Office } from '#cli/office.ts'
import { ANY_CARD, type CardApplication } from '#domain/card-application.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { Policy } from '#domain/policy.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { WorkflowDocument } from '#domain/workflow-document.ts'

// The same from the sources, from what tsc wrote and from the joined program.
const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const WORKFLOWS = at('vectors/workflows')
const LOOK = at('examples/bank/theme.json')

/** Not where only the server was installed. */
export const samplesAreHere = (): boolean => existsSync(WORKFLOWS) && existsSync(LOOK)

export async function installDocuments(office: Office, bare: Tenant, by: Administrator): Promise<Tenant> {
  const { documents, directory } = office
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  await documents.create(bare, themeKind, () => ({ code: THEME, payload: read(LOOK) }), by)
  await documents.create(await directory.reload(bare), policyKind, expiring, by)
  const withCards = await directory.reload(bare)
  await documents.create(withCards, cardApplicationKind, configuration => cards(configuration), by)
  const samples = readdirSync(WORKFLOWS)
    .filter(file => file.endsWith('.json'))
    .map(file => read(`${WORKFLOWS}/${file}`) as StoredSample)
  for (const { id, payload } of [...samples, EXPIRED, anyPasskey(samples)]) {
    const document = written(id, payload)
    await documents.create(await directory.reload(bare), workflowKind, () => document, by)
  }
  return directory.reload(bare)
}

interface StoredSample {
  readonly id: string
  readonly payload: { readonly enrollActions?: readonly object[] }
}

/** The sample of passkeys, which wants two models of keys and a device made beforehand, for whatever key somebody has. */
function anyPasskey(samples: readonly StoredSample[]): StoredSample {
  const sample = samples.find(({ id }) => id === 'ID_FLOWFIDO')
  if (!sample) throw new Fault('there is no sample ID_FLOWFIDO')
  const loosened = { attestationVerification: 'none', deviceBinding: 'notRequired', retry: 3 }
  const enrollActions = sample.payload.enrollActions?.map(action => {
    const { allowedAAGUIDs, authenticatorAttachment, ...rest } = action as Record<string, unknown>
    return { ...rest, ...loosened }
  })
  return {
    id: PASSKEY_WORKFLOW,
    payload: { ...sample.payload, theme_id: THEME, enrollActions } as StoredSample['payload'],
  }
}

/** The cards that the sample ID_FLOWCARD names. They only identify. */
function cards(configuration: Configuration): CardApplication {
  const any = configuration.findPolicy(ANY_CARD)
  if (!any) throw new Fault(`there is no policy ${ANY_CARD}`)
  const { disableThreshold, disabledTimeReset_seconds, defaultExpiryThreshold, sessionIdle_ms, sessionValid_ms } = any
  return {
    ...{ code: 'APP_CARD', name: 'Cards of the demo', types: ['Seos'], deviceName: 'Card', maximumDevicePerUser: 1 },
    rules: { disableThreshold, disabledTimeReset_seconds, defaultExpiryThreshold, sessionIdle_ms, sessionValid_ms },
  }
}

function written(code: string, payload: object): WorkflowDocument {
  return { code, payload, hash: createHash('sha256').update(JSON.stringify(payload)).digest('hex') }
}

/** Customer passwords which their owner may still change when they have expired. */
function expiring(configuration: Configuration): Policy {
  const base = configuration.findPolicy('AT_CUSTPWD')
  if (!base) throw new Fault('there is no policy AT_CUSTPWD')
  return {
    ...base,
    code: EXPIRED_POLICY,
    name: 'Customer password, changed when expired',
    readOnly: false,
    levelOfAssurance: `urn:hidaaas:policy:${EXPIRED_POLICY.toLowerCase()}`,
    allowExpiredReset: 3,
  }
}

const CRITERIA = { accessCriteriaId: 'access_criteria.common_to_all' }
const FORGOTTEN =
  'Choose a new password at {$link} or type the code {$secret} where you asked for it. Both are good for {$validity}.'
const EXPIRED = {
  id: EXPIRED_WORKFLOW,
  payload: {
    theme_id: THEME,
    accessCriteria: [
      {
        ...CRITERIA,
        authenticators: { firstFactorsFiltering: true, secondFactorsFiltering: true, acrFiltering: false },
      },
    ],
    actions: [
      { actionId: 'action.change_password', ...CRITERIA, type: 'CHANGE_PWD', retry: 3 },
      { actionId: 'action.set_password', ...CRITERIA, type: 'SET_PWD', retry: 3 },
      {
        ...{ actionId: 'action.forgot_password', ...CRITERIA, type: 'FORGOT_PWD', retry: 3, validityPeriod: 900 },
        resetPasswordMethods: { email: { template: FORGOTTEN, templateHtml: false } },
        next_action: 'action.set_password',
      },
    ],
    firstFactors: [
      {
        ...{ factorId: 'factor.user_password', ...CRITERIA, code: EXPIRED_POLICY, type: 'LOGIN', acr: 'acr_up' },
        ...{ stepUp: 'notRequired', retry: 3, actions: ['action.change_password', 'action.forgot_password'] },
      },
    ],
  },
}
