/** Copies a link to exactly what is shown: the same page with absolute times, which stays true tomorrow. */
import Button from '@material-ui/core/Button';
import LinkIcon from '@material-ui/icons/Link';
import { formatRange } from '../format';
import { useNotice } from '../report/useNotice';
import { absoluteRange, withRange } from './range';

export function CopyLinkButton({
  shown,
}: {
  shown: { from: number; to: number };
}) {
  const notify = useNotice();
  const copy = async () => {
    const url = new URL(window.location.href);
    url.search = withRange(
      url.searchParams,
      absoluteRange(shown.from, shown.to),
    ).toString();
    try {
      await navigator.clipboard.writeText(url.toString());
      notify({
        title: 'Link copied',
        description: `It keeps showing ${formatRange(shown.from, shown.to)}`,
        status: 'success',
        timeoutMs: 5000,
      });
    } catch {
      // Clipboards are closed to pages without TLS and to readers who said no: the link itself is the way out.
      notify({
        title: 'Your browser does not let this page copy. The link:',
        description: url.toString(),
        status: 'warning',
      });
    }
  };
  return (
    <Button
      size="small"
      startIcon={<LinkIcon />}
      onClick={copy}
      style={{ textTransform: 'none' }}
    >
      Copy link
    </Button>
  );
}
