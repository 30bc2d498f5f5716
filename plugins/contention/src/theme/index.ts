export * from './colours';
export * from './parts';
export * from './useMode';
export * from './useToggleStyles';
