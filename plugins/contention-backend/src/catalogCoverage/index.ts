export * from './build';
export * from './NodeLists';
