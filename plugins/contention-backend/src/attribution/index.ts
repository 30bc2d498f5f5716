export * from './CatalogOutline';
export * from './claims';
export * from './due';
export * from './EntityDirectory';
export * from './Visibility';
export * from './ReadAccess';
