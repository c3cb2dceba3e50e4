/** acr_values against a workflow: honoured or passed over, and always the acr of the last factor. */
import { expect, it } from 'vitest'
import { pathsOfRequestedAcr } from '#workflow/acr.ts'
import { lastOf, pathsFor } from '#workflow/paths.ts'
import { type Sample, workflowOf } from '../../test/workflow/samples.ts'

const FILTERING = '/payload/accessCriteria/0/authenticators/acrFiltering'

function acrs(
  name: Sample,
  owned: readonly string[],
  requested: readonly string[],
  changes: Record<string, unknown> = {},
) {
  const workflow = workflowOf(name, changes)
  return pathsOfRequestedAcr(workflow, pathsFor(workflow, new Set(owned)), requested).map(path => lastOf(path).acr)
}

const BOTH = ['AT_CUSTPWD', 'AT_CUSTOTP']

it('true: only ways that end with a requested value', () => {
  expect(acrs('password-or-otp', BOTH, ['acr_otp'])).toEqual(['acr_otp'])
  expect(acrs('password-or-otp', BOTH, ['acr_up', 'acr_otp'])).toEqual(['acr_up', 'acr_otp'])
  expect(acrs('password-or-otp', BOTH, ['other'])).toEqual([])
})

it('true: all ways when nothing is requested', () => {
  expect(acrs('password-or-otp', BOTH, [])).toEqual(['acr_up', 'acr_otp'])
})

it('true: values are compared as they are written', () => {
  expect(acrs('password-or-otp', BOTH, ['ACR_OTP', ' acr_otp'])).toEqual([])
})

it('true: a way without an acr is not kept', () => {
  expect(acrs('password-or-otp', BOTH, ['acr_up'], { '/payload/firstFactors/0/acr': undefined })).toEqual([])
})

it('false: whatever is requested is passed over', () => {
  expect(acrs('password-or-otp', BOTH, ['acr_otp'], { [FILTERING]: false })).toEqual(['acr_up', 'acr_otp'])
  expect(acrs('passkey', [], ['other'])).toEqual(['acr_fido', 'acr_fido'])
})

it('of two factors the last one counts', () => {
  const owned = ['AT_CUSTPWD', 'AT_PASA-2FA']
  expect(acrs('password-push-automatic', owned, ['acr_push'], { [FILTERING]: true })).toEqual(['acr_push'])
  expect(acrs('password-push-automatic', owned, ['acr_up'], { [FILTERING]: true })).toEqual([])
  expect(acrs('password-push-automatic', ['AT_CUSTPWD'], ['acr_up'], { [FILTERING]: true })).toEqual(['acr_up'])
})
