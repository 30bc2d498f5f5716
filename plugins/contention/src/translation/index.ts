export { contentionTranslationRef } from './ref';
export { useWords, type Words } from './useWords';
