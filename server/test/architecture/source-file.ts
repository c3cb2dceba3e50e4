/**
 * A file of the project as the rules see it: its path from the root, its text, and the text without comments. Rules are
 * pure functions over a list of these, so a test can plant a file that does not exist.
 */

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly text: string
}

/** One thing found wrong. */
export interface Finding {
  readonly rule: string
  readonly path: string
  readonly what: string
}

export const isTypeScript = ({ path }: SourceFile) => path.endsWith('.ts')
export const isTest = (path: string) => /\.test\.ts$|^server\/test\//.test(path)

/** Code that runs in the product: what the rules about rooms look at. */
export const isProduct = ({ path }: SourceFile) => /^(server|protocol)\/src\/.*\.ts$/.test(path) && !isTest(path)

/** The room of a file: `protocol`, the folder below `server/src`, or undefined for the files of the top. */
export function roomOf(path: string): string | undefined {
  if (path.startsWith('protocol/src/')) return 'protocol'
  return /^server\/src\/([^/]+)\//.exec(path)?.[1]
}
