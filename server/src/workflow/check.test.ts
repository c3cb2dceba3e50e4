/** From text to what is said about it: with lines, in their order; no finding while there are problems. */
import { expect, it } from 'vitest'
import { checkWorkflow } from '#workflow/check.ts'
import { sampleText } from '../../test/workflow/samples.ts'

const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

it('tells lines of findings', () => {
  const text = sampleText('password-or-otp')
  expect(checkWorkflow(text).findings.map(({ code, line }) => [code, line])).toEqual([
    ['unknown_action', lineOf(text, '"action.change_password"')],
    ['upon_on_first_factor', lineOf(text, '"upon"')],
  ])
})

it('tells a missing member at the line of what it is missing in', () => {
  const text = sampleText('card').replace('"code": "AT_CARD",', '')
  const { workflow, problems, findings } = checkWorkflow(text)
  expect(workflow).toBeUndefined()
  expect(findings).toEqual([])
  expect(problems.map(({ at, line }) => [at, line])).toEqual([
    ['/payload/firstFactors/0/code', lineOf(text, '"factor.card_authentication"') - 1],
  ])
})

it('tells a step-up that is there twice, though JSON.parse would take the weaker one', () => {
  const text = sampleText('password-otp-oob').replace(
    '"step_up": "required",',
    '"step_up": "required", "step_up": "notRequired",',
  )
  expect(checkWorkflow(text).problems).toMatchObject([
    { at: '/payload/firstFactors/0/step_up', expected: 'each name once in an object', line: lineOf(text, '"step_up"') },
  ])
})

it('tells text that is no JSON, and JSON that is no object', () => {
  expect(checkWorkflow('{"id": "A",}').problems).toMatchObject([{ expected: 'no comma before }', line: 1, column: 12 }])
  expect(checkWorkflow('null').problems).toMatchObject([{ at: '', expected: 'an object', found: 'null', line: 1 }])
})
