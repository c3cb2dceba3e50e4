/**
 * What a path claims (its acr, the one of its last factor) against what it proves. An acr is free text, so a claim is known in
 * two ways only: values and words that say "more than one factor", and another path of the same workflow that has the
 * same acr and proves more. Whoever asked for the value cannot tell the two apart.
 */
import { findCriteria, secondFactorsAfter } from '#workflow/criteria.ts'
import { type Finding, quoted } from '#workflow/finding.ts'
import { lastOf, type Path } from '#workflow/paths.ts'
import { below } from '#workflow/pointer.ts'
import { type ProofKind, proofKinds } from '#workflow/proof-kinds.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** The REFEDS profile, the PAPE policy and every text with one of these words. */
const SAYS_TWO = /(?:^|[^a-z0-9])(?:2fa|mfa|2sv|multi[-_]?factor|two[-_]?factor)(?:$|[^a-z0-9])/i

export function* lintAcr(workflow: Workflow): Generator<Finding> {
  const paths = everyPath(workflow)
  const strongest = strongestByAcr(paths)
  const told = new Set<string>()
  for (const path of paths) {
    const { acr, at, criteria } = lastOf(path)
    const honoured = findCriteria(workflow, criteria)?.acrFiltering === true
    if (acr === undefined && honoured && !told.has(at)) {
      told.add(at)
      yield missing(at)
    }
    const finding = acr === undefined ? undefined : tooStrong(path, acr, strongest)
    if (finding && !told.has(`${finding.at} ${path.first.id}`)) {
      told.add(`${finding.at} ${path.first.id}`)
      yield finding
    }
  }
}

function missing(at: string): Finding {
  return {
    code: 'acr_missing',
    at,
    sentence: 'acr_values are honoured here, and this factor has no acr: a request with acr_values never gets it.',
    next: 'Give the factor an acr, or say acrFiltering false.',
  }
}

function strongestByAcr(paths: readonly Path[]): ReadonlyMap<string, Path> {
  const strongest = new Map<string, Path>()
  for (const path of paths) {
    const { acr } = lastOf(path)
    const before = acr === undefined ? undefined : strongest.get(acr)
    if (acr !== undefined && (!before || proofKinds(path).size > proofKinds(before).size)) strongest.set(acr, path)
  }
  return strongest
}

function tooStrong(path: Path, acr: string, strongest: ReadonlyMap<string, Path>): Finding | undefined {
  const kinds = proofKinds(path)
  const other = strongest.get(acr)
  const stronger = other && proofKinds(other).size > kinds.size ? other : undefined
  const saysMore = SAYS_TWO.test(acr) && kinds.size < 2
  if (!stronger && !saysMore) return undefined
  const claim = stronger
    ? `the same as ${wayOf(stronger)}, which proves more kinds of factor`
    : 'which says more than one factor'
  return {
    code: 'acr_too_strong',
    at: below(lastOf(path).at, 'acr'),
    sentence: `${wayOf(path)} proves ${[...kinds].map(kind => kindWords[kind]).join(' and ')} only, and ends with acr ${quoted(acr)}, ${claim}.`,
    next: 'Give the weaker way an acr of its own, or let it ask for a factor of another kind.',
  }
}

const kindWords: Readonly<Record<ProofKind, string>> = {
  known: 'something known',
  held: 'something held',
  'verified by the key': 'a check made by the key',
}

const wayOf = ({ first, second }: Path): string => quoted(first.id) + (second ? ` then ${quoted(second.id)}` : '')

/** All ways that some person can go: with `automatic` the short one and the long ones. */
function everyPath(workflow: Workflow): readonly Path[] {
  const everything = new Set(workflow.secondFactors.map(({ code }) => code))
  return workflow.firstFactors
    .filter(({ criteria }) => findCriteria(workflow, criteria) !== undefined)
    .flatMap(first => {
      const long = first.stepUp === 'notRequired' ? [] : secondFactorsAfter(workflow, first, everything)
      const short = first.stepUp === 'required' ? [] : [{ first }]
      return [...short, ...long.map(second => ({ first, second }))]
    })
}
