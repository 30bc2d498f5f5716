/**
 * Takes contention metrics in over OTLP, attributes them to catalog entities and answers why a service is slow.
 *
 * @packageDocumentation
 */
export { contentionFeatures as default } from './features';
