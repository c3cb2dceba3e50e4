import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { credentialTypeKind } from '#administration/credential-type-rules.ts'
import { deviceTypeKind } from '#administration/device-type-rules.ts'
import { gatewayKind } from '#administration/gateway-rules.ts'
import { policyKind } from '#administration/policy-rules.ts'
import { buildConfiguration } from '#domain/configuration.ts'
import { oathSettingsOf } from '#domain/credential-type.ts'
import { permissions, permissionsOf } from '#domain/permission.ts'
import { lint } from '#workflow/lint.ts'
import { readWorkflow } from '#workflow/read-workflow.ts'
import { stock } from './stock.ts'

const configuration = buildConfiguration(stock)
const settingsOf = (code: string) => oathSettingsOf(configuration.findCredentialType(code))
const OURS = /^(DT_OATH_|CT_TOTP|CT_HOTP|CT_OCRA|CT_SIGN)/

describe('stock documents', () => {
  test.each(Object.entries<readonly { readonly code: string }[]>(stock as never))(
    'codes of %s are unique',
    (_kind, documents) => {
      const codes = documents.map(document => document.code)
      expect(new Set(codes).size).toBe(codes.length)
    },
  )

  test('codes of ours keep to 3 to 10 characters; codes are capitals, digits, _ and -', () => {
    for (const { code } of [...stock.deviceTypes, ...stock.credentialTypes]) {
      if (OURS.test(code)) expect(code).toMatch(/^.{3,10}$/)
    }
    // Gateways are named like those of the reference: AzureApple.
    const { gateways, messageTemplates, ...others } = stock
    for (const { code } of Object.values(others).flat()) expect(code).toMatch(/^[A-Z][A-Z0-9_-]{2,15}$/)
    for (const { code } of gateways) expect(code).toMatch(/^[A-Z][A-Za-z]{2,19}$/)
    for (const { code } of messageTemplates) expect(code).toMatch(/^[A-Z]+_(?:EMAIL|SMS)_EN$/)
  })

  test('all device types, credential types, policies and roles are read-only', () => {
    const all = [...stock.deviceTypes, ...stock.credentialTypes, ...stock.policies, ...stock.roles]
    expect(all.filter(document => !document.readOnly)).toEqual([])
  })

  test.each([
    ['DT_POCK_OT', 'CT_AIOT', 'SYNCHRONOUS', 'otp'],
    ['DT_POCK_OE', 'CT_AIOE', 'SYNCHRONOUS', 'otp'],
    ['DT_POCK_OA', 'CT_AIOCRA', 'ASYNCHRONOUS', 'challenge'],
    ['DT_POCK_OC', 'CT_AIOCRA8', 'ASYNCHRONOUS', 'challenge'],
    ['DT_POCK_TD', 'CT_AITDS8', 'ASYNCHRONOUS', 'signing'],
  ])('%s has credentials of type %s, as the table of device types says', (code, credentialType, method, use) => {
    const type = configuration.findDeviceType(code)
    expect(type?.defaultCredentialType).toBe(credentialType)
    expect(type?.allowedCredentialTypes).toEqual([credentialType])
    expect(type?.token?.method).toBe(method)
    expect(settingsOf(credentialType)?.use).toBe(use)
  })

  test('settings of the reference credential types', () => {
    const of = settingsOf
    expect(of('CT_AIOT')).toMatchObject({ algorithm: 'TOTP', hash: 'SHA1', digits: 6, step_seconds: 30 })
    expect(of('CT_AIOE')).toMatchObject({ algorithm: 'HOTP', hash: 'SHA1', digits: 6, window: 20 })
    expect(of('CT_AIOCRA')).toMatchObject({ suite: 'OCRA-1:HOTP-SHA1-6:QN08', digits: 6 })
    expect(of('CT_AIOCRA8')).toMatchObject({ suite: 'OCRA-1:HOTP-SHA1-8:QN08', digits: 8 })
    expect(of('CT_AITDS8')).toMatchObject({ suite: 'OCRA-1:HOTP-SHA1-8:QA64', digits: 8, joiner: '*' })
  })

  test.each(stock.credentialTypes.filter(type => type.factor === 'oath'))(
    '$code says one thing in settings and suite',
    ({ settings }) => {
      if (settings.algorithm !== 'OCRA') {
        expect(settings.suite).toBeUndefined()
        expect(settings.use).toBe('otp')
        expect(settings.step_seconds > 0).toBe(settings.algorithm === 'TOTP')
        expect(settings.resync_window).toBeGreaterThan(settings.window)
        return
      }
      const question = settings.use === 'signing' ? 'QA64' : 'QN08'
      const time = settings.step_seconds === 0 ? '' : `-T${settings.step_seconds}S`
      expect(settings.suite).toBe(`OCRA-1:HOTP-${settings.hash}-${settings.digits}:${question}${time}`)
      expect(settings.joiner).toBe(settings.use === 'signing' ? '*' : '')
      if (settings.use === 'challenge') expect([6, 8]).toContain(settings.question_length)
      else expect(settings.question_length).toBeUndefined()
    },
  )

  test.each(stock.deviceTypes.filter(type => type.token))(
    '$code names credential types that exist and fit its Token extension',
    type => {
      const { token, allowedCredentialTypes: allowed } = type
      expect(allowed).toContain(type.defaultCredentialType)
      const uses = new Set(allowed.map(code => settingsOf(code)?.use))
      expect(uses).not.toContain(undefined)
      const expected = {
        SYNCHRONOUS: [['otp']],
        ASYNCHRONOUS: [['challenge'], ['signing']],
        BOTH: [['otp', 'challenge']],
      }
      expect(expected[token!.method]).toContainEqual([...uses])
      expect(token!.syncLength > 0).toBe(uses.has('otp'))
      expect(token!.challengeLength > 0).toBe(uses.has('challenge'))
      const asked = allowed.flatMap(code => settingsOf(code)?.question_length ?? [])
      for (const length of asked) expect(token!.challengeLength).toBe(length)
      expect(token!.asyncLength > 0).toBe(uses.has('challenge') || uses.has('signing'))
      const digits = (use: string) => {
        const settings = settingsOf(type.defaultCredentialType)!
        const other = allowed.map(code => settingsOf(code)!).find(one => one.use === use)
        return settings.use === use ? settings.digits : (other?.digits ?? -1)
      }
      expect(token!.syncLength).toBe(digits('otp'))
      expect(token!.asyncLength).toBe(uses.has('signing') ? digits('signing') : digits('challenge'))
    },
  )

  test('what a tenant may not save does not stand in the stock either', () => {
    const circumstances = { configuration, before: undefined, inUse: false }
    const carriers = ['DT_TDSOOB', 'CT_TDSOOB']
    const types = stock.deviceTypes.filter(({ code }) => !carriers.includes(code))
    const credentials = stock.credentialTypes.filter(({ code }) => !carriers.includes(code))
    expect(types.flatMap(type => deviceTypeKind.refusalOf(type, circumstances)?.message ?? [])).toEqual([])
    expect(credentials.flatMap(type => credentialTypeKind.refusalOf(type, circumstances)?.message ?? [])).toEqual([])
    expect(stock.policies.flatMap(one => policyKind.refusalOf(one, circumstances)?.message ?? [])).toEqual([])
    expect(stock.gateways.flatMap(one => gatewayKind.refusalOf(one, circumstances)?.message ?? [])).toEqual([])
  })

  test('a type with both methods exists, over one secret: one hash', () => {
    const types = stock.deviceTypes.filter(type => type.token?.method === 'BOTH')
    expect(types.map(type => type.code)).toEqual(['DT_OATH_TC'])
    expect(types[0]?.allowedCredentialTypes).toEqual(['CT_AIOT', 'CT_AIOCRA'])
  })

  test.each(stock.policies)('$code names channels that exist, and has rules exactly if it is a password', policy => {
    for (const code of policy.validChannels) expect(configuration.findChannel(code)).toBeDefined()
    const toApplications = policy.factor !== 'transport' && policy.factor !== 'invite'
    for (const code of ['CH_DIRECT', 'CH_EXTRAPP']) expect(policy.validChannels.includes(code)).toBe(toApplications)
    expect(policy.password !== undefined).toBe(policy.factor === 'password')
    expect(policy.levelOfAssurance).toBe(`urn:hidaaas:policy:${policy.code.toLowerCase()}`)
    expect(policy.sessionIdle_ms).toBeLessThanOrEqual(policy.sessionValid_ms)
    expect(policy.disableThreshold).toBeGreaterThan(0)
    expect(policy.validDaysAdd === -1).toBe(policy.validDaysEdit === -1)
  })

  test('documented values of policies', () => {
    expect(configuration.findPolicy('AT_SYSLOG')).toMatchObject({
      disableThreshold: 5,
      sessionIdle_ms: 300_000,
      sessionValid_ms: 3_600_000,
      validDaysAdd: 1825,
      password: { minLength: 8, maxLength: 100, minDiffChars: 5 },
    })
    expect(configuration.findPolicy('AT_STDPWD')).toMatchObject({ disableThreshold: 8, sessionIdle_ms: 600_000 })
    expect(configuration.findPolicy('AT_RESPWD')).toMatchObject({
      disableThreshold: 3,
      sessionValid_ms: 86_400_000,
      password: { characterRange: 'onlyAlphaNum', atLeastOneNum: true, atLeastOneLow: true, atLeastOneUp: true },
    })
    expect(configuration.findPolicy('AT_EMPPWD')?.password).toMatchObject({
      minLength: 6,
      maxLength: 20,
      minDiffChars: 3,
    })
    expect(configuration.findPolicy('AT_EMPPIN')?.password).toMatchObject({ characterRange: 'onlyNum', minLength: 8 })
    expect(configuration.findPolicy('AT_OTP')).toMatchObject({ disableThreshold: 8, sessionValid_ms: 86_400_000 })
  })

  test('roles of the permission table and of permission sets exist; a set assigns every role', () => {
    const named = Object.values(permissions).flatMap(row => row.roles as readonly string[])
    for (const role of named) expect(configuration.findRole(role)).toBeDefined()
    for (const { scope } of stock.permissionSets.flatMap(set => set.items)) {
      expect([...scope].sort()).toEqual(stock.roles.map(role => role.code).sort())
    }
    expect(stock.roles).toHaveLength(16)
    expect(permissionsOf(['RL_ORGADMIN']).size).toBe(Object.keys(permissions).length)
  })

  test('groups above exist; there are 23 attribute types and no core member has two', () => {
    for (const group of stock.groups) if (group.parent) expect(configuration.findGroup(group.parent)).toBeDefined()
    expect(stock.attributeTypes).toHaveLength(23)
    const core = stock.attributeTypes.flatMap(type => type.core ?? [])
    expect(new Set(core).size).toBe(core.length)
  })

  test('what is absent is not there, and its algorithm is told', () => {
    for (const { code } of stock.absences) {
      expect(configuration.findDeviceType(code)).toBeUndefined()
      expect(configuration.findCredentialType(code)).toBeUndefined()
      expect(configuration.findAbsence(code)?.algorithm).toBeTruthy()
    }
    expect(configuration.findAbsence('DT_POCK_AT')).toBeDefined()
    expect(configuration.findAbsence('DT_POCK_OT')).toBeUndefined()
  })
})

test('the standard workflow can be read and has no finding, and its policies are in the stock', () => {
  for (const { code: id, payload, hash } of stock.workflows) {
    const { workflow, problems, unread } = readWorkflow({ id, payload })
    expect(problems).toEqual([])
    expect(lint(workflow!, unread)).toEqual([])
    for (const { code } of [...workflow!.firstFactors, ...workflow!.secondFactors])
      expect(configuration.findPolicy(code)).toBeDefined()
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
  }
})

test('docs/standards/absent-algorithms.md names every absent code, and none that is there', () => {
  const page = readFileSync(new URL('../../../../docs/standards/absent-algorithms.md', import.meta.url), 'utf8')
  for (const { code } of stock.absences) expect(page).toContain(`\`${code}\``)
  const missing = page.slice(page.indexOf('## Without an engine'), page.indexOf('Permission sets:'))
  for (const [, code] of missing.matchAll(/`([A-Z]+_[A-Z0-9_-]+)`/g)) {
    const found = configuration.findPolicy(code!) ?? configuration.findDeviceType(code!)
    expect(found ?? configuration.findCredentialType(code!), code).toBeUndefined()
  }
})
