export * from './entities';
export * from './FixtureContentionApi';
export * from './FixtureResponseError';
export { EVIDENCE_IDS } from './evidence/stories';
