/**
 * `retry`: how many wrong answers one login bears at one factor or action. It is counted for each login anew and apart from
 * the lockout of the policy, which counts on across logins.
 */
interface Counted {
  readonly retry?: number
}

/** After so many wrong answers the login is over. Without `retry` it never is by itself. */
export function isExhausted({ retry }: Counted, wrongAnswers: number): boolean {
  return retry !== undefined && wrongAnswers >= retry
}
