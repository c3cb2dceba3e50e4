/** A user name as a page shows it to whoever has a link: `m…@example.com`, `m…`. */
import { maskedAddress } from '#authentication/message-text.ts'

export const maskedName = (name: string) =>
  name.indexOf('@') > 0 ? maskedAddress('email', name) : `${[...name].slice(0, 1).join('')}…`
