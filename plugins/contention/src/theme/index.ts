export * from './colours';
export * from './parts';
export * from './words';
export * from './useMode';
export * from './useToggleStyles';
