export * from './colours';
export * from './parts';
export * from './words';
export * from './useMode';
export * from './useBareLabel';
export * from './useToggleStyles';
