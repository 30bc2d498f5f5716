export * from './build';
export * from './hidden';
