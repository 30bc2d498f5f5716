/** Query parameters of the entity calls. */
import { z } from 'zod';
import { REQUEST_ROLES } from '../metrics';
import { RESOURCES } from './parts';

/** The longest range that one call may ask for: as long as the coarsest roll-up is kept by default. */
export const MAX_RANGE_MS = 31 * 24 * 3600 * 1000;

const DEFAULT_RANGE_MS = 3600 * 1000;

/** ISO 8601 or epoch milliseconds as text, to epoch milliseconds. */
export const instant = z.string().transform((text, context) => {
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  context.addIssue({
    code: 'custom',
    message: `'${text}' is no time: give ISO 8601 or epoch milliseconds`,
  });
  return z.NEVER;
});

/**
 * `from`, `to` (ISO 8601 or epoch ms; default the last hour), or instead of both `last`: that many seconds up to now by
 * the backend's clock, so that a browser whose clock is wrong still sees the present. `step` in seconds (default: the
 * store decides), `cluster`.
 */
export const reportQuerySchema = z
  .object({
    from: instant.optional(),
    to: instant.optional(),
    last: z.coerce.number().positive().optional(),
    step: z.coerce.number().positive().optional(),
    cluster: z.string().min(1).optional(),
  })
  .transform(({ last, ...query }, context) => {
    const fixed = query.from !== undefined || query.to !== undefined;
    if (last !== undefined && fixed) {
      context.addIssue({
        code: 'custom',
        message: `'last' ends now: give it without 'from' and 'to'`,
      });
      return z.NEVER;
    }
    const lengthMs =
      last === undefined ? DEFAULT_RANGE_MS : Math.ceil(last * 1000);
    const to = query.to ?? Date.now();
    const from = query.from ?? to - lengthMs;
    if (from >= to) {
      context.addIssue({
        code: 'custom',
        message: `'from' is not before 'to'`,
      });
      return z.NEVER;
    }
    if (to - from > MAX_RANGE_MS) {
      context.addIssue({
        code: 'custom',
        message: `the range is longer than ${MAX_RANGE_MS / 86_400_000} days`,
      });
      return z.NEVER;
    }
    return { ...query, from, to };
  });
export type ReportQuery = z.infer<typeof reportQuerySchema>;

export const DIRECTIONS = ['suffered', 'caused'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const directionSchema = z.enum(DIRECTIONS).default('suffered');
export const resourceSchema = z.enum(RESOURCES).default('cpu');

/**
 * What the latency report is asked for besides the range. `role` (default `server`). `selectFrom`, `selectTo`: a part of
 * the range, and `bandFrom`, `bandTo`: durations in seconds, that anatomy and worst requests are of; each alone or
 * together, by default everything. A band that reaches into the durations counts in full.
 */
export const latencyQuerySchema = z
  .object({
    role: z.enum(REQUEST_ROLES).default('server'),
    selectFrom: instant.optional(),
    selectTo: instant.optional(),
    bandFrom: z.coerce.number().min(0).optional(),
    bandTo: z.coerce.number().positive().optional(),
  })
  .superRefine(({ selectFrom, selectTo, bandFrom, bandTo }, context) => {
    const isEmpty = (from: number | undefined, to: number | undefined) =>
      from !== undefined && to !== undefined && from >= to;
    for (const [name, from, to] of [
      ['select', selectFrom, selectTo],
      ['band', bandFrom, bandTo],
    ] as const) {
      if (!isEmpty(from, to)) continue;
      context.addIssue({
        code: 'custom',
        message: `'${name}From' is not before '${name}To'`,
      });
    }
  });
export type LatencyQuery = z.infer<typeof latencyQuerySchema>;
