export * from './ClusterLists';
export * from './ClusterReader';
export * from './ServiceLists';
