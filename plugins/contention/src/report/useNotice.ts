/** A word to the reader that goes away by itself, as the portal shows such things: a toast, or an alert where it has none. */
import { useMemo } from 'react';
import { alertApiRef, useApiHolder } from '@backstage/core-plugin-api';
import { toastApiRef } from '@backstage/frontend-plugin-api';

export interface Notice {
  title: string;
  description?: string;
  status: 'success' | 'warning';
  /** How long it stays; without it, until the reader closes it. */
  timeoutMs?: number;
}

/** Portals on the legacy frontend system have no toasts. */
export function useNotice(): (notice: Notice) => void {
  const apis = useApiHolder();
  return useMemo(() => {
    const toasts = apis.get(toastApiRef);
    const alerts = apis.get(alertApiRef);
    return ({ title, description, status, timeoutMs }) => {
      if (toasts) {
        toasts.post({ title, description, status, timeout: timeoutMs });
      } else {
        alerts?.post({
          message: [title, description].filter(Boolean).join(' '),
          severity: status,
          display: timeoutMs === undefined ? 'permanent' : 'transient',
        });
      }
    };
  }, [apis]);
}
