/** Words that others wrote, made harmless to look at. React already shows markup as the text that it is. */

/** Characters that turn the direction of text around, and so can make it read as what it is not. */
const TURNING = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Turning characters as the sign for what cannot be shown. */
export function plainText(text: string): string {
  return text.replace(TURNING, '\uFFFD');
}
