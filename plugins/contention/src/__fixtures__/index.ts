export * from './entities';
export * from './FixtureContentionApi';
