/** The version of this program, and the instrumentation scope of what it sends. */
import { AGENT_SCOPE } from 'backstage-plugin-contention-common/metrics';
import { version } from '../../package.json';
import type { Scope } from '../otlp/model';

export const VERSION: string = version;
export const SCOPE: Scope = { name: AGENT_SCOPE, version };
