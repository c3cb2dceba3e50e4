/**
 * `acr_values` of a request (OpenID Connect Core 3.1.2.1) against a workflow. What counts is the acr of a path's last factor,
 * because that is what the id_token will say; a path that says none is not kept when some value was asked for. Each path is
 * judged by the criteria of that same factor: with `acrFiltering` false the request is passed over.
 */
import { findCriteria } from '#workflow/criteria.ts'
import { lastOf, type Path } from '#workflow/paths.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** `requested` is the list of values, split at blanks; empty when nothing was asked for. */
export function pathsOfRequestedAcr(
  workflow: Workflow,
  paths: readonly Path[],
  requested: readonly string[],
): readonly Path[] {
  if (requested.length === 0) return paths
  return paths.filter(path => {
    const { acr, criteria } = lastOf(path)
    const honoured = findCriteria(workflow, criteria)?.acrFiltering === true
    return !honoured || (acr !== undefined && requested.includes(acr))
  })
}
