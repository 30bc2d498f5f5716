export * from './colours';
export * from './useMode';
export * from './useToggleStyles';
