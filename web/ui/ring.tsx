/** How much time is left, as a ring; the words beside it say the same to those who do not see it. */
const AROUND = 2 * Math.PI * 18

export function Ring({ left, whole }: { left: number; whole: number }) {
  const share = Math.min(1, Math.max(0, left / whole))
  return (
    <svg class={share < 0.2 ? 'ring ending' : 'ring'} viewBox="0 0 44 44" aria-hidden="true" focusable="false">
      <circle class="track" cx="22" cy="22" r="18" />
      <circle class="left" cx="22" cy="22" r="18" stroke-dasharray={AROUND} stroke-dashoffset={AROUND * (1 - share)} />
    </svg>
  )
}
