export * from './claims';
export * from './EntityDirectory';
export * from './Visibility';
