/** The name of a node that leads to its page, at the minute that is worst in a series; plain where there is no such page. */
import { Link } from '@backstage/core-components';
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { formatMinute } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { useWords } from '../../translation';
import { useNodeLink, worstMinute, type Place } from './links';

export interface NodeLinkProps {
  place: Place;
  /** With `values`: the minute of the largest is chosen there. Absent: none is. */
  axis?: TimeAxis;
  values?: ReadonlyArray<number | null>;
  /** Instead of the node's name. */
  text?: string;
}

export function NodeLink({ place, axis, values, text }: NodeLinkProps) {
  const t = useWords();
  const link = useNodeLink();
  const { shown } = useReportPage();
  const name = text ?? place.node;
  if (!link) return <>{name}</>;
  const minute = axis && values && worstMinute(axis, values, shown);
  return (
    <Link
      to={link(place, minute)}
      title={
        minute &&
        t('nodes.atMinute', {
          node: place.node,
          minute: formatMinute(minute.from),
        })
      }
    >
      {name}
    </Link>
  );
}
