/**
 * Latency, Throttling and Noisy neighbours on the pages of a Backstage catalog.
 *
 * The default export is the plugin for the new frontend system.
 *
 * @packageDocumentation
 */
export { contentionPlugin as default } from './plugin';
export { contentionApiRef, type ContentionApi } from './api';
export { contentionTranslationRef } from './translation';
export { isContentionAvailable } from './isContentionAvailable';
