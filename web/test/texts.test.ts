/** Texts are said with their values; languages and addresses that are not ours fall back. */
import { describe, expect, it } from 'vitest'
import { linkTo, type Route, readRoute } from '../approve/route.ts'
import { en } from '../texts/en.ts'
import { chosenLanguage, say } from '../texts/say.ts'

describe('texts', () => {
  it('take their values, once, and no others', () => {
    expect(say('pin.title', { service: '{user} & <b>' })).toBe('PIN for {user} & <b>')
  })

  it('a name that turns the direction does not turn the sentence', () => {
    expect(say('pin.title', { service: '\u202eknaB' })).toBe('PIN for \u2068\u202eknaB\u2069')
  })

  it('every failure says what to do next', () => {
    const titles = Object.keys(en).filter(key => /^failure\.[a-z_]+$/.test(key) && !key.endsWith('_next'))
    const alone = titles.filter(key => !(`${key}_next` in en))
    expect(alone.sort()).toEqual(['failure.locked', 'failure.wait'])
  })

  it.each([
    [['de-CH', 'en-GB'], 'en'],
    [['en-GB'], 'en'],
    [['constructor'], 'en'],
    [[], 'en'],
  ])('the language for %j is %s', (wanted, language) => {
    expect(chosenLanguage(wanted)).toBe(language)
  })
})

describe('addresses', () => {
  it.each<Route>([
    { page: 'requests' },
    { page: 'codes' },
    { page: 'settings', container: 'a b/c' },
    { page: 'request', container: 'x', id: '12' },
  ])('lead to $page and back', route => {
    expect(readRoute(linkTo(route))).toEqual(route)
  })

  it.each(['', '#', '#/', '#/nowhere', '#/account', '#/request/x', '#/%E0%A4%A', '#/codes/x'])(
    '%j is the first page',
    hash => {
      expect(readRoute(hash)).toEqual({ page: 'requests' })
    },
  )
})
