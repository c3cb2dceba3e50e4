/**
 * The pages behind a link for a new password, for whoever opens it in whatever browser. They need no script, and the token stands in a
 * field of the form only: no page names it in a link, and no page of ours tells where it came from.
 */
import type { Constraints } from '@countersign/protocol/portal/flow.ts'
import { newPassword, ruleText } from '@countersign/protocol/portal/password-screens.ts'
import { rulesIn } from '@countersign/protocol/portal/rules.ts'
import type { Notice } from '@countersign/protocol/portal/screen.ts'
import { type Say, wordingOf } from '@countersign/protocol/portal/wording.ts'
import { portalDocument } from '#openid/portal-page/document.ts'
import { type Html, html } from '#openid/portal-page/html.ts'
import { readLook } from '#openid/portal-page/look.ts'
import type { Reader } from '#openid/portal-page/page.ts'
import { fieldHtml, noticeHtml, rulesHtml } from '#openid/portal-page/screen-html.ts'

export interface ResetForm {
  readonly token: string
  readonly maskedName: string
  readonly constraints: Constraints
  /** Rules that the password of the last try broke. */
  readonly broken: readonly string[]
}

/** `form`: what is asked. Otherwise how it ended: the password is set, or the link opens nothing. */
export function resetPage(
  form: ResetForm | undefined,
  ended: 'set' | 'over',
  theme: unknown,
  { languages, base, files }: Reader,
): string {
  const wording = wordingOf(languages, theme)
  const { say } = wording
  const title = say('action.reset_password.title')
  return portalDocument({
    title,
    content: contentOf(form, ended, title, base, say),
    wording,
    look: readLook(theme),
    files,
  })
}

function contentOf(form: ResetForm | undefined, ended: 'set' | 'over', title: string, base: string, say: Say): Html {
  if (form !== undefined) return formHtml(form, title, base, say)
  const notice: Notice =
    ended === 'set'
      ? { tone: 'success', text: say('action.reset_password.link_done') }
      : { tone: 'error', text: say('action.reset_password.link_over') }
  return html`<h1>${title}</h1>
${noticeHtml(notice)}`
}

function formHtml({ token, maskedName, constraints, broken }: ResetForm, title: string, base: string, say: Say): Html {
  const shown = rulesIn(constraints).map(name => ({
    name,
    text: ruleText(name, constraints, say),
    broken: broken.includes(name),
  }))
  const wrong = broken.length > 0 ? noticeHtml({ tone: 'error', text: say('action.password.reuse') }) : ''
  return html`<h1>${title}</h1>
<p class="lead">${say('action.reset_password.link_lead')}</p>
<p class="who"><span>${say('action.reset_password.account')} <strong>${maskedName}</strong></span></p>
${wrong}
<form class="step" method="post" action="${base}portal/reset"><input type="hidden" name="token" value="${token}">
${fieldHtml(newPassword(say), true, shown.length > 0)}
${rulesHtml(shown, say)}
<div class="actions"><button class="button primary" type="submit">${say('action.reset_password.submit')}</button></div></form>`
}
