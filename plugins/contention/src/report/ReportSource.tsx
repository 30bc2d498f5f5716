/**
 * Where the reports of a tab come from: the backend, or a record of what it once said. A record answers for one entity in
 * one range; whatever would need another answer is absent from a tab that shows it.
 */
import { createContext, useContext } from 'react';
import type { Resource } from 'backstage-plugin-contention-common';
import { useApi } from '@backstage/core-plugin-api';
import { contentionApiRef, type ContentionApi } from '../api';
import type { Tab } from './links';

/** The calls that the tabs make. */
export type Reports = Pick<
  ContentionApi,
  'latency' | 'throttling' | 'neighbours' | 'diagnosis'
> &
  /** Absent: the record is older than this report. */
  Partial<Pick<ContentionApi, 'peers'>>;

export interface RecordSource {
  /** Full reference of the entity as it was called when it was recorded. */
  entityRef: string;
  /** Epoch milliseconds. */
  range: { from: number; to: number };
  /** The cluster that was asked for. */
  cluster?: string;
  reports: Reports;
  /** What its neighbours were looked for at: records of before the network was measured hold the CPU alone. */
  resources: readonly Resource[];
  /** The path of another tab of the same record. */
  tabPath(tab: Tab, search?: Record<string, string>): string;
}

const Context = createContext<RecordSource | undefined>(undefined);

/** Around tabs that show a record. */
export const RecordProvider = Context.Provider;

/** The record that is shown; undefined where it is the living data. */
export function useRecord(): RecordSource | undefined {
  return useContext(Context);
}

export function useReports(): Reports {
  const backend = useApi(contentionApiRef);
  return useRecord()?.reports ?? backend;
}
