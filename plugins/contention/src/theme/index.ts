export * from './colours';
export * from './useMode';
