/**
 * A document with the members that a caller gives (tolerance T8): each stands in the place of the one before, null takes it away,
 * an absent one stays. The result has the shape of the document where the shape of the request allows null only for what is optional.
 */
type Given<T> = { readonly [K in keyof T]?: T[K] | null | undefined }

export function merged<T extends object>(before: T, given: Given<T> | undefined): T {
  const said = Object.entries(given ?? {}).filter(([, value]) => value !== undefined)
  const all = Object.entries({ ...before, ...Object.fromEntries(said) })
  return Object.fromEntries(all.filter(([, value]) => value !== null)) as T
}
