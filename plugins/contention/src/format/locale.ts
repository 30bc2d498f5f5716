/**
 * The language that numbers and moments are written in: that of the words around them, so that nobody reads `12.5` among German
 * words. One page is read in one language; `useWords` says which. Pure but for that.
 */
let locale = 'en-GB';

/** A BCP 47 tag, such as `de`. */
export function writeIn(tag: string): void {
  locale = tag;
}

/** What `make` makes for the language of the moment; made once for each. */
export function byLocale<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const known = made.get(locale) ?? make(locale);
    made.set(locale, known);
    return known;
  };
}
