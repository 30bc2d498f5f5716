/**
 * What the contention plugins and the agent say to each other.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './client';
export * from './histogram';
export * from './metrics';
export * from './openapi';
export * from './permissions';
export * from './schema';
export * from './text';
export * from './time';
