/** The name of a node that leads to its page, at the minute that is worst in a series; plain where there is no such page. */
import { Link } from '@backstage/core-components';
import type { Resource, TimeAxis } from 'backstage-plugin-contention-common';
import { formatMinute } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { useWords } from '../../translation';
import { useNodeLink, worstMinute, type Place } from './links';

export interface NodeLinkProps {
  place: Place;
  /** Which of its matrices; absent: that of CPUs. */
  resource?: Resource;
  /** With `values`: the minute of the largest is chosen there. Absent: none is. */
  axis?: TimeAxis;
  values?: ReadonlyArray<number | null>;
  /** Instead of the node's name. */
  text?: string;
}

export function NodeLink(props: NodeLinkProps) {
  const { place, resource, axis, values, text } = props;
  const t = useWords();
  const link = useNodeLink();
  const { shown } = useReportPage();
  const name = text ?? place.node;
  if (!link) return <>{name}</>;
  const minute = axis && values && worstMinute(axis, values, shown);
  return (
    <Link
      to={link(place, minute, resource)}
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
