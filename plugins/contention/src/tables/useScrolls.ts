/** Whether an element has more in it than it shows at once: then it has to take the keyboard's focus, to be scrolled with it. */
import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

export function useScrolls<E extends HTMLElement>(): [RefObject<E>, boolean] {
  const ref = useRef<E>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const measure = () =>
      setScrolls(
        element.scrollWidth > element.clientWidth ||
          element.scrollHeight > element.clientHeight,
      );
    measure();
    const observer = new ResizeObserver(measure);
    // Its own size, and that of what is in it.
    for (const sized of [element, ...element.children]) observer.observe(sized);
    return () => observer.disconnect();
  }, []);
  return [ref, scrolls];
}
