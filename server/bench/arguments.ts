/**
 * The words after `npm run bench --`: `--quick`, `--only a,b`, `--profile`, `--write`. Anything else is refused with
 * the list, so that a mistyped flag does not silently measure everything for ten minutes.
 */
export interface BenchArguments {
  /** Short rounds and 100,000 users instead of a million. */
  readonly quick: boolean
  /** Parts of lane names; a lane runs when its name holds one of them. Empty means all. */
  readonly only: readonly string[]
  /** Profile our server on the chosen lanes instead of measuring. */
  readonly profile: boolean
  /** Write results.md although this was no full run. */
  readonly write: boolean
}

export const USAGE = `npm run bench -- [--quick] [--only NAME,NAME] [--profile] [--write]
  --quick    short rounds, 100,000 users
  --only     lanes whose name holds one of these, as in --only sqlite,oidc or --only otp
  --profile  runs our server with --cpu-prof on these lanes and prints where its time goes
  --write    writes server/bench/results.md after a quick or partial run, too`

export function readBenchArguments(words: readonly string[]): BenchArguments | undefined {
  const given = { quick: false, only: [] as string[], profile: false, write: false }
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (word === '--quick') given.quick = true
    else if (word === '--profile') given.profile = true
    else if (word === '--write') given.write = true
    else if (word === '--only' && words[at + 1] !== undefined) given.only = words[++at]!.split(',')
    else return undefined
  }
  return given
}
