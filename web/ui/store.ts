/** One value that the screens watch: set as a whole, never changed in place. */
import { useEffect, useState } from 'preact/hooks'

export interface Store<Value> {
  get(): Value
  change(step: (value: Value) => Value): void
  watch(seen: (value: Value) => void): () => void
}

export function openStore<Value>(start: Value): Store<Value> {
  const held = { value: start }
  const watchers = new Set<(value: Value) => void>()
  return {
    get: () => held.value,
    change(step) {
      held.value = step(held.value)
      for (const seen of [...watchers]) seen(held.value)
    },
    watch(seen) {
      watchers.add(seen)
      return () => void watchers.delete(seen)
    },
  }
}

export function useStore<Value>(store: Store<Value>): Value {
  const [value, setValue] = useState(store.get())
  useEffect(() => {
    setValue(store.get())
    return store.watch(setValue)
  }, [store])
  return value
}
