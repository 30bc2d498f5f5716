export * from './router';
export * from './resolveRouter';
export * from './rollupRouter';
export * from './nodesRouter';
