/**
 * The one script of the bank, for comfort: a page that waits asks for its state and, when that has changed, shows what there is now and
 * says so to screen readers by moving the focus to its heading. Counts seconds down, and copies.
 */
const PACE_MS = 1000

async function look(): Promise<void> {
  const main = document.querySelector<HTMLElement>('main[data-live]')
  if (!main) return
  try {
    const answer = await fetch(main.dataset.live ?? '', { cache: 'no-store' })
    const { state } = (await answer.json()) as { state: string }
    if (state !== main.dataset.state) await showAgain(main)
  } catch {
    // The bank may be gone for a moment; the next look may find it.
  }
  setTimeout(look, PACE_MS)
}

async function showAgain(main: HTMLElement): Promise<void> {
  const text = await (await fetch(location.href, { cache: 'no-store' })).text()
  const page = new DOMParser().parseFromString(text, 'text/html')
  const fresh = page.querySelector('main')
  if (!fresh) return
  document.title = page.title
  main.replaceWith(fresh)
  fresh.querySelector('h1')?.focus()
}

function countDown(): void {
  for (const one of document.querySelectorAll<HTMLElement>('[data-left]')) {
    const left = Math.max(0, Number(one.dataset.left) - 1)
    one.dataset.left = String(left)
    one.textContent = `${left} seconds`
  }
}

for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy ?? '') as HTMLTextAreaElement | null
  button.hidden = false
  button.addEventListener('click', async () => {
    field?.select()
    await navigator.clipboard.writeText(field?.value ?? '')
    const told = document.querySelector('[data-copied]')
    if (told) told.textContent = 'Copied'
  })
}

setInterval(countDown, 1000)
setTimeout(look, PACE_MS)
