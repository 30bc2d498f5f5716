export { addressText } from './address';
export { printable } from './printable';
export * from './markdown';
