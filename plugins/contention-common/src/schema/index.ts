export * from './parts';
export * from './query';
export * from './reports';
