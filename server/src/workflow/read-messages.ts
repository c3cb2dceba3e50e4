/** `oobMethods` and `resetPasswordMethods`: an object with one member for each way a text can go. */
import { bounds } from '#workflow/bounds.ts'
import { type Members, membersOf } from '#workflow/members.ts'
import { MESSAGE_METHODS, type Message } from '#workflow/message.ts'

export function readMessages(members: Members, name: string): readonly Message[] {
  if (!members.has(name)) return []
  const methods = membersOf(members.value(name), members.place(name), members.notes, MESSAGE_METHODS, 'are refused')
  if (!methods) return []
  return MESSAGE_METHODS.filter(method => methods.has(method)).flatMap(method => {
    const known = method === 'email' ? ['template', 'templateHtml'] : ['template']
    const at = methods.place(method)
    const message = membersOf(methods.value(method), at, members.notes, known)
    if (!message) return []
    const template = message.neededText('template', bounds.template)
    const html = method === 'email' && (message.flag('templateHtml') ?? false)
    return [{ at, method, template, html }]
  })
}
