/** How numbers and moments are written. */
export const format = {
  /** The language of these words, a BCP 47 tag. */
  locale: 'en-GB',
} as const;
