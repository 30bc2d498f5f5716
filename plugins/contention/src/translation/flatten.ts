type Areas = Readonly<Record<string, Readonly<Record<string, string>>>>;

type KeysOf<A extends Areas> = {
  [Area in keyof A & string]: `${Area}.${keyof A[Area] & string}`;
}[keyof A & string];

/** Areas of words to the keys that a translation reference wants: `{ states: { loading } }` -> `states.loading`. */
export function flatten<A extends Areas>(areas: A) {
  return Object.fromEntries(
    Object.entries(areas).flatMap(([area, words]) =>
      Object.entries(words).map(([key, text]) => [`${area}.${key}`, text]),
    ),
  ) as Record<KeysOf<A>, string>;
}
