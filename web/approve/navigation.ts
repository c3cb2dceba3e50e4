/** Moving between screens by the address, so that the browser's own back key works. */
import { useEffect, useState } from 'preact/hooks'
import { isArrival, linkTo, type Route, readRoute } from './route.ts'

export function go(route: Route): void {
  location.hash = linkTo(route)
}

/** Without a way back: to what is over. */
export function goInstead(route: Route): void {
  history.replaceState(null, '', linkTo(route))
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

export function useRoute(arrived: (text: string) => void): Route {
  const [route, setRoute] = useState(readRoute(isArrival(location.hash) ? '' : location.hash))
  // Listens once, for as long as the app is open
  useEffect(() => {
    const moved = () => {
      const { hash } = location
      if (!isArrival(hash)) return setRoute(readRoute(hash))
      history.replaceState(null, '', linkTo({ page: 'requests' }))
      arrived(hash)
    }
    window.addEventListener('hashchange', moved)
    moved()
    return () => window.removeEventListener('hashchange', moved)
  }, [])
  return route
}
