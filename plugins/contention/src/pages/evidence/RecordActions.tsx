/** Sending a record on, keeping it as a file, and deleting it. */
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import GetAppIcon from '@material-ui/icons/GetApp';
import LinkIcon from '@material-ui/icons/Link';
import type {
  Evidence,
  EvidenceFormat,
} from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { FailureAlert } from '../../evidence/FailureAlert';
import { useCopyLink } from '../../evidence/useCopyLink';
import {
  absoluteAddress,
  useEvidencePaths,
} from '../../evidence/useEvidencePaths';
import { useSending } from '../../evidence/useSending';
import { useState } from 'react';
import { useWords } from '../../translation';
import { DeleteRecord } from './DeleteRecord';

const FORMATS = [
  ['md', 'evidence.formatMd'],
  ['json', 'evidence.formatJson'],
  ['svg', 'evidence.formatSvg'],
] as const;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    '& .MuiButton-root': { textTransform: 'none' },
  },
}));

export function RecordActions({ record }: { record: Evidence }) {
  const { id, mayDelete } = record;
  const classes = useStyles();
  const t = useWords();
  const copyLink = useCopyLink();
  const paths = useEvidencePaths();
  return (
    <div className={classes.root}>
      {paths && (
        <Button
          size="small"
          variant="outlined"
          startIcon={<LinkIcon />}
          onClick={() => copyLink(absoluteAddress(paths.record(id)))}
        >
          {t('evidence.copyLink')}
        </Button>
      )}
      <Downloads record={record} />
      {mayDelete && <DeleteRecord record={record} />}
    </div>
  );
}

function Downloads({ record }: { record: Evidence }) {
  const t = useWords();
  const api = useApi(contentionApiRef);
  const { isSending, failure, send } = useSending();
  const [failed, setFailed] = useState('');
  const download = async (format: EvidenceFormat, name: string) => {
    setFailed(name);
    const file = await send(() => api.evidenceFile(record.id, format));
    if (file) save(file, fileName(record, format));
  };
  return (
    <>
      {FORMATS.map(([format, key]) => (
        <Button
          key={format}
          size="small"
          startIcon={<GetAppIcon />}
          disabled={isSending}
          aria-label={t('evidence.download', { format: t(key) })}
          onClick={() => download(format, t(key))}
        >
          {t(key)}
        </Button>
      ))}
      <FailureAlert
        title={t('evidence.downloadFailed', { format: failed })}
        failure={failure}
      />
    </>
  );
}

/** `contention-checkout-a1b2c3d4.md` */
function fileName({ entity, id }: Evidence, format: EvidenceFormat): string {
  const name = entity.entityRef.split('/').pop();
  return `contention-${name}-${id.slice(0, 8)}.${format}`;
}

function save(file: Blob, name: string) {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
