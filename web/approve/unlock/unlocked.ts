/** Does what needs the keys of an account: at once where nothing locks them, else after the PIN. `GIVEN_UP` when the user thought better of it. */
import type { Container, Unlocking } from '@countersign/sdk/container.ts'
import { isSdkError } from '@countersign/sdk/sdk-error.ts'
import type { Desk } from '../desk.ts'
import type { Question } from './question.ts'

/** No answer of an action is ever this. */
export const GIVEN_UP = Symbol('given up')
export type GivenUp = typeof GIVEN_UP

export async function unlocked<Result>(
  { state }: Desk,
  container: Container,
  act: (unlocking: Unlocking) => Promise<Result>,
): Promise<Result | GivenUp> {
  if (!container.passwordProtected) return act({})
  const ask = (question: Question | undefined) => state.change(old => ({ ...old, question }))
  return new Promise((resolve, reject) => {
    ask({
      container,
      async attempt(password) {
        try {
          const result = await act({ password })
          ask(undefined)
          resolve(result)
        } catch (error) {
          if (isSdkError(error, 'invalid_password') || isSdkError(error, 'locked')) throw error
          ask(undefined)
          reject(error)
        }
      },
      giveUp() {
        ask(undefined)
        resolve(GIVEN_UP)
      },
    })
  })
}
