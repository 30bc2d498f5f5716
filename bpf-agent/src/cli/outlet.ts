/** Where windows go. */
import type { NamedWindow } from '../pipeline';

export interface Outlet {
  /** For the log. */
  description: string;
  take(window: NamedWindow): void;
  /** Ends it, once no more windows come. */
  close(): Promise<void>;
}
