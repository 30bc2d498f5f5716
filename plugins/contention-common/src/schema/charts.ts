/** Pictures that several reports draw: distributions and heat maps of durations. */
import { z } from 'zod';
import { seconds } from './parts';

export const distributionSchema = z.object({
  count: z.number(),
  sumSeconds: seconds,
  p50Seconds: seconds.optional(),
  p90Seconds: seconds.optional(),
  p99Seconds: seconds.optional(),
  longestSeconds: seconds.optional(),
  buckets: z
    .array(
      z.object({ fromSeconds: seconds, toSeconds: seconds, count: z.number() }),
    )
    .describe('One or more histogram buckets each, ascending, no gaps'),
});
export type Distribution = z.infer<typeof distributionSchema>;

/** Time across, duration up on a logarithmic scale: rows are eighths of an octave, or more of them where there are many. */
export const heatmapSchema = z.object({
  boundsSeconds: z
    .array(z.number())
    .describe('n+1 ascending bounds of n rows, lowest first'),
  counts: z
    .array(z.array(z.number()).nullable())
    .describe('One column a window, n counts each; null without data'),
});
export type Heatmap = z.infer<typeof heatmapSchema>;
