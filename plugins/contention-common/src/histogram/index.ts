export * from './histogram';
export * from './scale';
