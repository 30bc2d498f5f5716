export * from './build';
export * from './health';
