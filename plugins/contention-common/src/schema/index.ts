export * from './catalogCoverage';
export * from './charts';
export * from './evidence';
export * from './parts';
export * from './query';
export * from './reports';
export * from './requests';
export * from './rollup';
