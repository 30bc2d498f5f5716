export * from './ContentionClient';
