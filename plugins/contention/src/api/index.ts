export * from './contentionApi';
export * from './LazyContentionClient';
