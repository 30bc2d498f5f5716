export { withBursts, withVictimBursts } from './bursts';
export * from './gather';
export * from './network';
export * from './requests';
export { withCpu, withCpuCount } from './nodes';
export { usageOf } from './usage';
