/** Puts a link on the clipboard, and says so; where the browser does not let the page, shows the link instead. */
import { useCallback } from 'react';
import { useNotice } from '../report/useNotice';
import { useWords } from '../translation';

export function useCopyLink(): (address: string) => Promise<void> {
  const notify = useNotice();
  const t = useWords();
  return useCallback(
    async address => {
      try {
        await navigator.clipboard.writeText(address);
        notify({
          title: t('evidence.linkCopied'),
          description: t('evidence.linkCopiedWhat'),
          status: 'success',
          timeoutMs: 5000,
        });
      } catch {
        // Clipboards are closed to pages without TLS and to readers who said no: the link itself is the way out.
        notify({
          title: t('evidence.cannotCopy'),
          description: address,
          status: 'warning',
        });
      }
    },
    [notify, t],
  );
}
