/** Clients of the bench that sign people in, one for each algorithm of id_tokens, and their workflow: a password or a one-time code. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workflowKind } from '#administration/workflow-kind.ts'
import { compose } from '#compose.ts'
import { permissionsOf } from '#domain/permission.ts'
import { openGround } from '#ground.ts'
import type { Settings } from '#settings/read.ts'
import { TENANT } from './our-server.ts'
import { REDIRECT } from './sign-in-cycle.ts'

export const signInAlgorithms = ['RS256', 'ES256'] as const
type Algorithm = (typeof signInAlgorithms)[number]

export const SIGN_IN_FILE = 'sign-in.json'
export type SignInFile = Readonly<Record<Algorithm, { readonly clientId: string; readonly secret: string }>>

export const POLICY = 'AT_OTP'
const WORKFLOW = 'ID_BENCH'
const operator = {
  actor: { kind: 'operator' },
  permissions: permissionsOf(['RL_ORGADMIN']),
  correlation: 'bench',
} as const

export async function seedSignIn(settings: Settings): Promise<void> {
  const ground = await openGround(settings, silent)
  try {
    const { office, settle } = await compose(settings, ground, silent, [])
    const { directory, documents, clients } = office
    const found = await directory.find(TENANT)
    if (!found) throw new Error('there is no demo tenant')
    const hash = createHash('sha256').update(JSON.stringify(payload)).digest('hex')
    await documents.create(found, workflowKind, () => ({ code: WORKFLOW, payload, hash }), operator)
    const made: Partial<Record<Algorithm, SignInFile[Algorithm]>> = {}
    for (const idTokenAlgorithm of signInAlgorithms) {
      const wanted = { name: `bench shop ${idTokenAlgorithm}`, role: 'RL_OPENIDCLIENT', scopes: ['openid'] }
      const { clientId, secret } = await clients.register(await directory.reload(found), wanted)
      const tenant = await directory.reload(found)
      const { document } = await clients.load(tenant, clientId)
      const grantTypes = ['client_credentials', 'authorization_code']
      const more = { grantTypes, idTokenAlgorithm, redirectUris: [REDIRECT], workflowId: WORKFLOW }
      await clients.update(tenant, clientId, { ...document, ...more }, operator)
      made[idTokenAlgorithm] = { clientId, secret }
    }
    writeFileSync(join(settings.home, SIGN_IN_FILE), JSON.stringify(made), { mode: 0o600 })
    await settle()
  } finally {
    await ground.close()
  }
}

const criteria = { firstFactorsFiltering: true, secondFactorsFiltering: true, acrFiltering: true }
const all = { accessCriteriaId: 'all' }
const payload = {
  accessCriteria: [{ ...all, authenticators: criteria }],
  firstFactors: [
    { ...all, factorId: 'password', code: 'AT_CUSTPWD', class: 'LOGIN', acr: 'low', step_up: 'notRequired', retry: 3 },
    { ...all, factorId: 'otp', code: POLICY, class: 'OTP', acr: 'middle', step_up: 'notRequired', retry: 3 },
  ],
}

const silent = { info() {}, warn() {}, error() {} }
