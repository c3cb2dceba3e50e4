/** A page that only says something: nothing is there, or something went wrong. */
import type { Page } from './frame.ts'
import { html } from './html.ts'

export const plainPage = (title: string, words: string): Page => ({
  title,
  content: html`<h1>${title}</h1>
<p class="lead">${words}</p>
<p><a class="button" href="/">To the counter</a></p>`,
})
