export * from './CatalogOutline';
export * from './claims';
export * from './EntityDirectory';
export * from './Visibility';
export * from './ReadAccess';
