export * from './banners';
export * from './FailedState';
export * from './ForbiddenState';
export * from './LoadingState';
export * from './NoDataState';
export * from './NoPodsState';
export * from './NotAnnotatedState';
