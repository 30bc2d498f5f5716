export { contentionTranslationRef } from './ref';
export { inEnglish } from './inEnglish';
export { useWords, type Words } from './useWords';
