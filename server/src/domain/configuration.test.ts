import { describe, expect, test } from 'vitest'
import { buildConfiguration, type Documents } from './configuration.ts'

const documents: Documents = {
  policies: [],
  deviceTypes: [],
  credentialTypes: [],
  channels: [
    { code: 'CH_A', name: 'A', kind: 'generic' },
    { code: 'CH_B', name: 'B', kind: 'generic' },
  ],
  groups: [{ code: 'UG_ROOT', name: 'Users' }],
  roles: [],
  permissionSets: [],
  attributeTypes: [],
  gateways: [],
  mailGateways: [],
  smsGateways: [],
  messageTemplates: [],
  workflows: [],
  themes: [],
  corsRules: [],
  fidoPolicies: [],
  cardApplications: [],
  callbackRules: [],
  absences: [{ code: 'DT_X', name: 'X', algorithm: 'unpublished' }],
}

describe('configuration of a tenant', () => {
  test('without own documents it is the stock, lists shared', () => {
    const configuration = buildConfiguration(documents)
    expect(configuration.channels).toBe(documents.channels)
    expect(configuration.findChannel('CH_B')?.name).toBe('B')
    expect(configuration.findChannel('constructor')).toBeUndefined()
    expect(configuration.findAbsence('DT_X')?.algorithm).toBe('unpublished')
  })

  test('an own document covers the stock one of its code, in lists and look-ups, and leaves the stock as it was', () => {
    const configuration = buildConfiguration(documents, {
      channels: [
        { code: 'CH_A', name: 'ours', kind: 'radius' },
        { code: 'CH_C', name: 'C', kind: 'generic' },
      ],
    })
    expect(configuration.channels.map(channel => channel.name)).toEqual(['ours', 'B', 'C'])
    expect(configuration.findChannel('CH_A')?.kind).toBe('radius')
    expect(configuration.groups).toBe(documents.groups)
    expect(documents.channels).toHaveLength(2)
  })
})
