export * from './router';
export * from './settings';
