/** The shape of a language: every key of the English area, in other words. The compiler finds the missing ones. */
export type Translated<English extends Record<string, string>> = {
  readonly [Key in keyof English]: string;
};
