/**
 * The list of refusals is true: each code is documented for integrators, each is used, none is used that is not in the
 * list, and an endpoint declares what its file throws.
 */
import { describe, expect, it } from 'vitest'
import { refusals } from '#domain/refusal.ts'
import { undeclared } from './architecture/declared-refusals.ts'
import { readProject } from './architecture/read-project.ts'
import { refusalPage } from './architecture/refusal-page.ts'
import { doorFilesWithEndpoints } from './architecture/routes.ts'
import { isProduct, type SourceFile } from './architecture/source-file.ts'
import { withoutComments } from './architecture/without-comments.ts'

const codes = new Set(Object.keys(refusals))
const files = readProject()
const LIST = 'server/src/domain/refusal.ts'

/** Codes that no file but the list itself writes as a text. */
function unused(product: readonly SourceFile[], list: ReadonlySet<string>): string[] {
  const code = product.filter(({ path }) => path !== LIST).map(({ text }) => withoutComments(text))
  return [...list].filter(one => !code.some(text => text.includes(`'${one}'`)))
}

describe('the list of refusals', () => {
  it('is not empty, and each refusal has a status of a refusal and a sentence', () => {
    expect(codes.size).toBeGreaterThan(20)
    for (const [code, [status, , , sentence]] of Object.entries(refusals)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
      // The reference answers 500 for a request that reaches no device.
      const usual = status === 503 || (status >= 400 && status < 500)
      expect(usual || code === 'transaction_failed', code).toBe(true)
      // The reference's own words, without a full stop.
      expect(`${sentence}${code === 'no_template_found_for_criteria' ? '.' : ''}`).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('is the page docs/integrate/refusals.md', async () => {
    await expect(refusalPage()).toMatchFileSnapshot('../../docs/integrate/refusals.md')
  })

  it('holds no code that nobody uses', () => {
    expect(unused(files.filter(isProduct), codes)).toEqual([])
  })

  it('is declared by the endpoints: what an endpoint file throws is among its refusals', () => {
    expect(undeclared(doorFilesWithEndpoints(files), codes)).toEqual([])
  })
})

describe('planted', () => {
  const door = (text: string): SourceFile => ({ path: 'server/src/scim/a.ts', text })
  const found = (text: string) => undeclared([door(text)], codes).map(({ what }) => what)

  it('a code that nobody uses', () => {
    const file = door("throw new Refusal('not_found') // 'forbidden'")
    expect(unused([file], new Set(['not_found', 'forbidden', 'too_long']))).toEqual(['forbidden', 'too_long'])
  })

  it('a refusal that the endpoint does not declare', () => {
    const declares = "endpoint({ refusals: ['not_found'] })\n"
    expect(found(`${declares}throw new Refusal('not_found')`)).toEqual([])
    expect(found(`${declares}throw new Refusal('forbidden')`)).toEqual([
      'refuses with forbidden and does not declare it',
    ])
    expect(found(`${declares}return new Refusal(is(a, 'x') ? 'not_found' : 'too_long', 'forbidden')`)).toEqual([
      'refuses with too_long and does not declare it',
    ])
  })

  it('a list that is not visible here says nothing', () => {
    expect(found("endpoint({ refusals: [...shared, 'not_found'] })\nthrow new Refusal('forbidden')")).toEqual([])
  })
})
