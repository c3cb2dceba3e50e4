/** The settings as a Markdown table, made from `shape.ts`: `docs/operate/settings.md` holds exactly this, and a test compares. */
import { shape } from '#settings/shape.ts'

export function settingsTable(): string {
  const rows = Object.values(shape).map(one => `| \`${one.name}\` | ${one.sentence} | ${one.default} |`)
  return ['| name | what it does | without it |', '|---|---|---|', ...rows].join('\n')
}
