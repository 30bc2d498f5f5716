/**
 * Takes contention metrics in over OTLP, attributes them to catalog entities and answers why a service is slow.
 *
 * @packageDocumentation
 */
export { contentionPlugin as default } from './plugin';
