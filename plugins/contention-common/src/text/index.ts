export { printable } from './printable';
export * from './markdown';
