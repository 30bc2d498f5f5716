/**
 * The node agent. It is a program (`contention-agent`), not a library: what is exported is what other parts of the
 * project test against.
 *
 * @packageDocumentation
 */
export type { Frame } from './sensor/frame';
export { encodeProtobuf } from './otlp/protobuf';
export { encodeJson } from './otlp/json';
export type { MetricsRequest } from './otlp/model';
