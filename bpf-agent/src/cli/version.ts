/** The version of this program, and the instrumentation scope of what it sends. */
import { version } from '../../package.json';
import type { Scope } from '../otlp/model';

export const VERSION: string = version;
export const SCOPE: Scope = { name: 'contention-bpf-agent', version };
