export * from './gather';
export * from './requests';
