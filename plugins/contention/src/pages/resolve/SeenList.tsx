/** What ran, where and when, one line each. */
import { makeStyles } from '@material-ui/core/styles';
import type { SeenWorkload } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatRange } from '../../format';
import { useWords } from '../../translation';

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    overflowWrap: 'anywhere',
    fontFamily: theme.typography.fontFamily,
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(13),
  },
  name: { color: theme.palette.text.primary },
}));

export function SeenList({ seen }: { seen: readonly SeenWorkload[] }) {
  const classes = useStyles();
  if (seen.length === 0) return null;
  return (
    <ul className={classes.list}>
      {seen.map((one, index) => (
        <li key={index}>
          <SeenLine seen={one} nameClass={classes.name} />
        </li>
      ))}
    </ul>
  );
}

export function SeenLine(props: { seen: SeenWorkload; nameClass?: string }) {
  const { seen, nameClass } = props;
  const t = useWords();
  const { namespace, pod, container, systemdUnit, node } = seen;
  const { firstSeen, lastSeen, ip } = seen;
  const name = pod ?? systemdUnit ?? container ?? '';
  return (
    <>
      <bdi className={nameClass}>
        {namespace ? `${namespace}/${name}` : name}
      </bdi>
      {ip && ` (${ip})`} {t('resolve.onNode', { node })}{' '}
      <span
        title={`${formatAbsolute(firstSeen)} – ${formatAbsolute(lastSeen)}`}
      >
        {t('resolve.seenIn', { range: formatRange(firstSeen, lastSeen) })}
      </span>
    </>
  );
}
