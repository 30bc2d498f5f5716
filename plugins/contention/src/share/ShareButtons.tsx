/**
 * What is shown, to take away: a link with absolute times, a paragraph for a ticket, a picture. What the browser does not let
 * the page copy is shown, so that it can be copied by hand.
 */
import { lazy, Suspense, useState } from 'react';
import Button from '@material-ui/core/Button';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import ImageIcon from '@material-ui/icons/Image';
import LinkIcon from '@material-ui/icons/Link';
import NotesIcon from '@material-ui/icons/Notes';
import type { Verdict } from 'backstage-plugin-contention-common';
import { formatRange } from '../format';
import type { Figure } from '../report/Figures';
import { useNotice } from '../report/useNotice';
import { useMode, verdictColour } from '../theme';
import { useWords } from '../translation';
import type { Uncopied } from './ManualCopyDialog';
import { permalinkHere } from './permalinkHere';

const ManualCopyDialog = lazy(() =>
  import('./ManualCopyDialog').then(module => ({
    default: module.ManualCopyDialog,
  })),
);

const useStyles = makeStyles(theme => ({
  root: { display: 'inline-flex', flexWrap: 'wrap' },
  button: {
    textTransform: 'none',
    whiteSpace: 'nowrap',
    padding: theme.spacing(0.5, 0.75),
  },
}));

/** What there is to say of a report. */
export interface Shared {
  title: string;
  /** The tab. */
  view: string;
  verdict: Verdict;
  figures: readonly Figure[];
}

export interface ShareButtonsProps {
  shown: { from: number; to: number };
  /** Absent while there is nothing to say. */
  shared?: Shared;
  /** What the first picture is looked for in. Absent: there is nothing to say or to draw, only a link. */
  page?(): HTMLElement | null;
}

export function ShareButtons({ shown, shared, page }: ShareButtonsProps) {
  const classes = useStyles();
  const t = useWords();
  const notify = useNotice();
  const { palette } = useTheme();
  const mode = useMode();
  const [uncopied, setUncopied] = useState<Uncopied>();
  const url = () => permalinkHere(window.location.href, shown);

  const done = (title: string, description?: string) =>
    notify({ title, description, status: 'success', timeoutMs: 5000 });

  const copyText = async (text: string, title: string, about?: string) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      setUncopied({ type: 'text', text });
      return;
    }
    done(title, about);
  };

  const copyLink = () =>
    copyText(
      url(),
      t('share.linkCopied'),
      t('share.keepsShowing', { range: formatRange(shown.from, shown.to) }),
    );

  const copyTicket = async () => {
    if (!shared) return;
    const { ticketMarkdown } = await import('./ticket');
    const { title, view, verdict, figures } = shared;
    const text = ticketMarkdown(
      {
        title: `${title}, ${view}`,
        name: title,
        sentence: verdict.sentence,
        range: shown,
        figures,
        url: url(),
      },
      t,
    );
    await copyText(text, t('share.ticketCopied'));
  };

  const copyPicture = async () => {
    const element = page?.();
    if (!shared || !element) return;
    const { title, view, verdict } = shared;
    const { pictureOf } = await import('./picture');
    const { utcRange } = await import('./ticket');
    let picture: Blob;
    try {
      picture = await pictureOf(
        element,
        {
          caption: `${title} · ${view} · ${formatRange(shown.from, shown.to)}`,
          sentence: verdict.sentence.text.replace(/`/g, ''),
          source: `${utcRange(shown.from, shown.to)} · ${window.location.host}`,
        },
        {
          background: palette.background.paper,
          text: palette.text.primary,
          quiet: palette.text.secondary,
          accent: verdictColour(verdict, mode, false),
        },
      );
    } catch (error) {
      notify({
        title: t('share.noPicture'),
        description: error instanceof Error ? error.message : undefined,
        status: 'warning',
      });
      return;
    }
    try {
      await navigator.clipboard.write([
        new ClipboardItem({ 'image/png': picture }),
      ]);
    } catch {
      setUncopied({
        type: 'picture',
        url: await dataUrl(picture),
        name: `contention-${title.replace(/[^\w.-]+/g, '-')}.png`,
      });
      return;
    }
    done(t('share.pictureCopied'));
  };

  const button = (
    label: string,
    name: string,
    icon: JSX.Element,
    onClick: () => void,
    disabled = false,
  ) => (
    <Button
      size="small"
      className={classes.button}
      startIcon={icon}
      aria-label={name}
      title={name}
      onClick={onClick}
      disabled={disabled}
    >
      {label}
    </Button>
  );
  return (
    <div className={classes.root}>
      {button(t('share.copyLink'), t('share.copyLink'), <LinkIcon />, copyLink)}
      {page &&
        button(
          t('share.ticket'),
          t('share.copyTicket'),
          <NotesIcon />,
          copyTicket,
          !shared,
        )}
      {page &&
        button(
          t('share.picture'),
          t('share.copyPicture'),
          <ImageIcon />,
          copyPicture,
          !shared,
        )}
      {uncopied && (
        <Suspense fallback={null}>
          <ManualCopyDialog
            uncopied={uncopied}
            onClose={() => setUncopied(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Pictures of the page itself are `data:` or our own: a portal's policy allows no others. */
function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
