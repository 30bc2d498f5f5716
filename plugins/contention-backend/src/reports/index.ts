export * from './build';
export * from './health';
export type { ReportContext, ReportRequest } from './prepare';
