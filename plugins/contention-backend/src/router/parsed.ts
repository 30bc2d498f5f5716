/** What somebody sent, as a schema reads it. */
import { InputError } from '@backstage/errors';
import type { z } from 'zod';

/** @throws InputError that says what is wrong, and where */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue.path.join('.');
  throw new InputError(where ? `${where}: ${issue.message}` : issue.message);
}
