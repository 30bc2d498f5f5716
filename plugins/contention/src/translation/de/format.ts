import type { format as english } from '../en/format';
import type { Translated } from '../Translated';

export const format: Translated<typeof english> = {
  locale: 'de',
};
