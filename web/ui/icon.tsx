/** Small drawings in the colour of their text; always beside words that say the same, hence hidden from screen readers. */
const paths = {
  shield:
    'M12 3.2c2.6 1.9 5.2 2.7 7.5 2.8v6c0 4.7-3 7.9-7.5 9.8-4.5-1.9-7.5-5.1-7.5-9.8V6c2.3-.1 4.9-.9 7.5-2.800zM8.6 12.100l2.5 2.5 4.6-5.1',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.5 2h-15zM10 21.200h4',
  digits: 'M4 6.500h16v11H4zM7.5 12h.01M12 12h.01M16.5 12h.01',
  key: 'M8.5 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM13 12h8v3.500M17.5 12v2.500',
  card: 'M3.5 6h17v12h-17zM3.5 10h17M7 14.500h4',
  people: 'M12 12.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.500c.7-3.7 3.8-5.5 7.5-5.500s6.8 1.8 7.5 5.5',
  scan: 'M4 8.500V5.500A1.5 1.5 0 0 1 5.5 4h3M15.5 4h3A1.5 1.5 0 0 1 20 5.500v3M20 15.500v3a1.5 1.5 0 0 1-1.5 1.500h-3M8.5 20h-3A1.5 1.5 0 0 1 4 18.500v-3M4 12h16',
  plus: 'M12 5v14M5 12h14',
  chevron: 'M9.5 5.500l6.5 6.5-6.5 6.5',
  back: 'M14.5 5.500L8 12l6.5 6.5',
  tick: 'M5 12.500l4.5 4.500L19 7.5',
  cross: 'M6.5 6.500l11 11M17.5 6.500l-11 11',
  flag: 'M6 21V4.500h11l-2 4 2 4H6',
  warning: 'M12 4.500l9 15.500H3zM12 10.500v4M12 17.200v.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.700v.01',
  image: 'M4.5 5h15v14h-15zM4.5 16l4.5-4.5 4 4 2.5-2.5 4 4M15.5 9.200v.01',
  keyboard: 'M3.5 6.500h17v11h-17zM7 10h.01M10.5 10h.01M14 10h.01M17.5 10h.01M8 14h8',
  paste: 'M8 5.500H6V20.500h12V5.500h-2M9 3.500h6v4H9z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.200l3.5 2',
  copy: 'M8.5 8.500h11v11h-11zM15.5 8.500v-4h-11v11h4',
  pen: 'M4.5 19.500l1-4.500L16 4.500l3.5 3.500L9 18.500z',
} as const
export type IconName = keyof typeof paths

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  const turns = name === 'back' || name === 'chevron' ? 'turns' : undefined
  return (
    <svg class={turns} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}

export function Spinner() {
  return (
    <svg class="spinner" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2.5" opacity=".25" />
      <path d="M12 3a9 9 0 0 1 9 9" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />
    </svg>
  )
}
