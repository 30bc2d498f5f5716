export * from './gather';
export * from './requests';
export { withCpu } from './nodes';
export { usageOf } from './usage';
