export * from './gather';
export * from './requests';
export { usageOf } from './usage';
