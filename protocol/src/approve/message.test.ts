/** C11: what may deceive the eye is marked, never removed; a text is shown as a table only when all of it is one. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pieces, readMessage, readPairs } from './message.ts'

const marksOf = (text: string) => readMessage(text).marks

describe('marks', () => {
  test.each([
    ['a turn to the left', 'Pay 100 \u202eRUE', ['direction']],
    ['an isolate', 'Pay \u2067100\u2069 EUR', ['direction']],
    ['a mark of direction', '1\u200f00 EUR', ['direction']],
    ['an Arabic mark', '1\u061c00', ['direction']],
    ['no width', 'An\u200bna', ['invisible']],
    ['a soft hyphen', 'An\u00adna', ['invisible']],
    ['a byte order mark', '\ufeffAnna', ['invisible']],
    ['a control character', 'An\u0007na', ['invisible']],
    ['a tag character', 'Anna\u{e0041}', ['invisible']],
    ['a Cyrillic letter in a Latin word', 'p\u0430ypal', ['look-alike']],
    ['a Greek letter in a Latin word', 'PayP\u03b1l', ['look-alike']],
    ['full width', '\uff21nna', ['look-alike']],
    ['letters of mathematics', '\u{1d400}nna', ['look-alike']],
  ])('%s', (_, text, marks) => {
    expect(marksOf(text)).toEqual(marks)
  })

  test.each([
    ['plain text', 'Pay 100.00 EUR to Anna Smith, IBAN DE02 1203'],
    ['lines and tabs', 'Pay\n\t100'],
    ['accents', 'Zürich, Łódź, Æble'],
    ['a whole Russian word', 'Перевод 100 EUR'],
    ['a whole Greek word', 'Πληρωμή 100 EUR'],
    ['Arabic and Hebrew as they are', 'دفع 100 שלום'],
    ['Chinese', '支付 100 元'],
    ['a sign of a currency', '€ 100 £ ¥'],
  ])('none: %s', (_, text) => {
    expect(marksOf(text)).toEqual([])
  })

  test('the runs joined are the text, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        expect(
          pieces(text)
            .map(one => one.text)
            .join(''),
        ).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  test('whatever turns or hides is marked, wherever it stands', () => {
    const bad = fc.constantFrom(
      '\u202a',
      '\u202b',
      '\u202d',
      '\u202e',
      '\u2066',
      '\u2067',
      '\u2068',
      '\u200b',
      '\u2060',
      '\u034f',
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), bad, fc.string({ maxLength: 30 }), (before, one, after) => {
        expect(pieces(before + one + after).some(({ text, mark }) => mark !== undefined && text.includes(one))).toBe(
          true,
        )
      }),
    )
  })
})

describe('tables', () => {
  test('pairs with commas between, blanks around them', () => {
    expect(readPairs('{Payee,Anna Smith}, {Amount, 100.00 EUR}')).toEqual([
      { label: 'Payee', value: 'Anna Smith' },
      { label: 'Amount', value: '100.00 EUR' },
    ])
  })

  test.each([
    ['text before', 'Pay {Amount,1}'],
    ['text behind', '{Amount,1} to Anna'],
    ['text between', '{Payee,Anna} and {Amount,1}'],
    ['no comma', '{Payee,Anna}{Amount,1}'],
    ['a comma at the end', '{Payee,Anna},'],
    ['braces inside', '{Payee,{Anna}}'],
    ['no value', '{Payee}'],
    ['no label', '{,1}'],
    ['an open brace', '{Payee,Anna'],
    ['a label that is too long', `{${'x'.repeat(81)},1}`],
    ['a value that is too long', `{a,${'x'.repeat(501)}}`],
    ['too many', Array.from({ length: 33 }, (_, n) => `{a${n},1}`).join(',')],
  ])('no table, so that nothing of it is hidden: %s', (_, text) => {
    expect(readPairs(text)).toBeUndefined()
    expect(readMessage(text)).toMatchObject({ kind: 'text' })
  })

  test('marks of a table are those of all its cells', () => {
    expect(readMessage('{Payee,p\u0430ypal},{Am\u200bount,1}')).toMatchObject({
      kind: 'table',
      marks: ['look-alike', 'invisible'],
    })
  })

  // Read by the square of its length it would take minutes.
  test('a text is read in steps that grow with its length alone', { timeout: 30_000 }, () => {
    for (const text of ['{a,'.repeat(100_000), '{'.repeat(300_000), 'а'.repeat(300_000), '\u202e'.repeat(300_000)])
      readMessage(text)
  })
})
