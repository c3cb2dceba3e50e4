/**
 * The two questions of a mutual proof (RFC 6287 section 7.2) and of a signature with server authentication (7.3.2).
 *
 * Each side answers the other's challenge followed by its own, so neither answer can be handed back as the other's.
 * In 7.3.2 the server's challenge is the text to be signed.
 */
export interface MutualQuestions {
  /** QC ‖ QS: what the server computes to prove itself. */
  readonly server: string
  /** QS ‖ QC: what the client computes. */
  readonly client: string
}

export function mutualQuestions(clientChallenge: string, serverChallenge: string): MutualQuestions {
  return { server: clientChallenge + serverChallenge, client: serverChallenge + clientChallenge }
}
