import { useEffect, useState } from 'preact/hooks';
import type { Observable } from 'rxjs';

/** The latest value of a stream; null before the first. */
export function useStream<T>(stream: Observable<T>): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    const subscription = stream.subscribe((next) => setValue(() => next));
    return () => subscription.unsubscribe();
  }, [stream]);
  return value;
}
