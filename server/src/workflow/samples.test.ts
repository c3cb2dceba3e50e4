/** The sample workflows can be read, and the lint finds in them what really is wrong with them as they were published. */
import { expect, it } from 'vitest'
import { checkWorkflow } from '#workflow/check.ts'
import { SAMPLES, type Sample, sampleText } from '../../test/workflow/samples.ts'

/** Published as they are: they name actions that they do not define, and one has a word where it means nothing. */
const known: Readonly<Partial<Record<Sample, readonly string[]>>> = {
  'password-or-otp': [
    'unknown_action /payload/firstFactors/0/actions/0',
    'upon_on_first_factor /payload/firstFactors/1/upon',
  ],
  'password-otp-oob': ['no_recovery /payload/firstFactors/0', 'unknown_action /payload/firstFactors/0/actions/0'],
  card: ['card_alone /payload/firstFactors/0/stepUp'],
  passkey: [
    'no_recovery /payload/firstFactors/0',
    'unknown_action /payload/firstFactors/0/actions/0',
    'unknown_action /payload/firstFactors/0/actions/1',
  ],
}

it.each(SAMPLES)('%s', name => {
  const { workflow, problems, findings } = checkWorkflow(sampleText(name))
  expect(problems).toEqual([])
  expect(findings.map(({ code, at }) => `${code} ${at}`)).toEqual(known[name] ?? [])
  expect(workflow?.id).toBe((JSON.parse(sampleText(name)) as { id: string }).id)
})
