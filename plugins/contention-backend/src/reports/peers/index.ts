export * from './build';
export * from './hidden';
export { findingOf } from './finding';
