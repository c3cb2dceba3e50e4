import { expect, test } from 'vitest'
import { Refusal, type RefusalCode, refusals } from '#domain/refusal.ts'
import type { Situation } from '#http/endpoint.ts'
import { scimDialect } from '#scim/dialect.ts'

const situation: Situation = {
  tenant: undefined,
  caller: undefined,
  correlation: 'c1',
  source: 'unknown',
  origin: 'https://host',
  headers: {},
}

test('G4: a refusal carries status as text, errorCode as number, detail and scimType', () => {
  const { status, body } = scimDialect.refuse(new Refusal('unknown_role'), situation)
  expect(status).toBe(400)
  expect(body).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    scimType: 'invalidValue',
    errorCode: 1292,
    detail: 'There is no role with this id.',
  })
})

test.each(Object.keys(refusals) as RefusalCode[])('G4: %s has a scimType and a detail', code => {
  const { status, body } = scimDialect.refuse(new Refusal(code), situation)
  expect(body).toMatchObject({ status: String(status), scimType: expect.stringMatching(/^[a-z][A-Za-z]+$/) })
  expect((body as { detail: string }).detail).not.toBe('')
})

test('H1: a refusal never shows its private cause', () => {
  const refusal = new Refusal('invalid_grant', undefined, { reason: 'replayed-secret' })
  expect(JSON.stringify(scimDialect.refuse(refusal, situation))).not.toContain('replayed')
})

test('a fault shows only where the log has it', () => {
  expect(scimDialect.fault('c1')).toMatchObject({
    status: 500,
    body: { status: '500', errorCode: 0, scimType: 'serverError' },
  })
})
