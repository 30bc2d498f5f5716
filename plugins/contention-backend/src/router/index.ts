export * from './router';
export * from './resolveRouter';
