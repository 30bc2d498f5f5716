/** In the line above a tab: freeze what is shown, and the way to what has been frozen of this entity. */
import { lazy, Suspense, useState } from 'react';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import FreezeIcon from '@material-ui/icons/AcUnit';
import { contentionApiRef } from '../api';
import { useReport } from '../report/useReport';
import { whyItFailed } from '../report/failure';
import { useWords } from '../translation';
import { useEvidencePaths } from './useEvidencePaths';
import { useSeenLink } from './useSeenLink';

const FreezeDialog = lazy(() =>
  import('./FreezeDialog').then(m => ({ default: m.FreezeDialog })),
);

/** Name of `contentionEvidenceCreatePermission` in -common, which need not be loaded for a word. */
const PERMISSION = 'contention.evidence.create';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0, 1.5),
  },
  button: { textTransform: 'none' },
}));

export interface FreezeActionsProps {
  entityRef: string;
  name: string;
  /** What is shown, epoch milliseconds. */
  shown: { from: number; to: number };
  cluster?: string;
  /** The range of the link that led here. */
  opened?: { from: number; to: number };
}

export function FreezeActions(props: FreezeActionsProps) {
  const { entityRef, name, shown, cluster, opened } = props;
  const classes = useStyles();
  const t = useWords();
  const api = useApi(contentionApiRef);
  const paths = useEvidencePaths();
  const [frozenRange, setFrozenRange] = useState<typeof shown>();
  const { report: list, refresh } = useReport({
    subject: entityRef,
    range: '',
    ask: signal => api.evidenceOf(entityRef, { limit: 1 }, { signal }),
  });
  const isForbidden = list?.mayCreate === false;
  return (
    <div className={classes.root}>
      <Tooltip
        title={
          isForbidden
            ? t('evidence.freezeForbidden', { permission: PERMISSION })
            : ''
        }
      >
        <span>
          <Button
            size="small"
            className={classes.button}
            startIcon={<FreezeIcon />}
            disabled={isForbidden}
            aria-haspopup="dialog"
            // What is shown when it is pressed, however the page goes on behind the dialog.
            onClick={() => setFrozenRange(shown)}
          >
            {t('evidence.freeze')}
          </Button>
        </span>
      </Tooltip>
      {paths && list !== undefined && list.total > 0 && (
        <Typography variant="body2">
          <Link to={paths.listOf(entityRef)}>
            {t('evidence.records', { count: list.total })}
          </Link>
        </Typography>
      )}
      {opened && (
        <Kept
          link={{ entityRef, ...opened, cluster }}
          pathOf={id => paths?.record(id)}
        />
      )}
      {frozenRange && (
        <Suspense fallback={null}>
          <FreezeDialog
            entityRef={entityRef}
            name={name}
            range={frozenRange}
            cluster={cluster}
            onClose={() => setFrozenRange(undefined)}
            onFrozen={refresh}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Quietly: that a copy of what an opened link shows is kept. */
function Kept(props: {
  link: Parameters<typeof useSeenLink>[0];
  pathOf(id: string): string | undefined;
}) {
  const t = useWords();
  const { seen, failure } = useSeenLink(props.link);
  const words = () => {
    if (failure)
      return t('evidence.keptFailed', { why: whyItFailed(failure, t) });
    if (seen?.state === 'pending') return t('evidence.keptSoon');
    if (seen?.state !== 'frozen') return undefined;
    const path = props.pathOf(seen.id);
    return path ? (
      <Link to={path}>{t('evidence.keptCopy')}</Link>
    ) : (
      t('evidence.keptCopy')
    );
  };
  return (
    <Typography
      variant="body2"
      style={{ opacity: 0.75 }}
      component="div"
      role="status"
    >
      {words()}
    </Typography>
  );
}
