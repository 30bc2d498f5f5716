/**
 * What requests were made of: the slowest, and all of them, as bars of parts; below, the same for every band of durations,
 * the slowest on top as in the heat map.
 */
import { useMemo, useState } from 'react';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Anatomy,
  AnatomyBand,
  AnatomyPart,
  AnatomySum,
  LatencyReport,
} from 'backstage-plugin-contention-common';
import { PartsBar } from '../../charts/PartsBar';
import { useWidth } from '../../charts/useWidth';
import { formatCount, formatDuration } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { Section } from '../../tables/Section';
import { Sentence } from '../../sentence/Sentence';
import { useWords, type Words } from '../../translation';
import { AnatomyTable } from './AnatomyTable';
import { BandRows } from './BandRows';
import { foldParts } from './foldParts';
import { PartsLegend } from './PartsLegend';
import { useCulpritLink, usePartLink } from './usePartLink';
import type { LatencyQuestion } from './useLatencyQuestion';
import { isSelected, ROLE_WORDS, selectionText, SUM_WORDS } from './words';

const useStyles = makeStyles(theme => ({
  catchingUp: { opacity: 0.45, transition: 'opacity 200ms' },
  sentence: { marginBottom: theme.spacing(2), maxWidth: '90ch' },
  sum: {
    display: 'grid',
    gridTemplateColumns: '210px minmax(0, 1fr)',
    gap: theme.spacing(0.5, 0),
    alignItems: 'center',
    marginBottom: theme.spacing(1.25),
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  of: { fontWeight: 600 },
  detail: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(13),
    fontVariantNumeric: 'tabular-nums',
  },
}));

export interface AnatomySectionProps {
  report: LatencyReport;
  question: LatencyQuestion;
}

export function AnatomySection({ report, question }: AnatomySectionProps) {
  const { anatomy, role } = report.requests;
  const t = useWords();
  const { selection, select } = question;
  const classes = useStyles();
  const { isCatchingUp } = useReportPage();
  const [highlight, setHighlight] = useState<string>();
  const linkOf = usePartLink(report.entity.entityRef);
  const linkTo = useCulpritLink();
  const partOf = isSelected(selection);
  const { sums, bands, parts } = useMemo(() => drawable(anatomy), [anatomy]);
  return (
    <Section
      title={t(ROLE_WORDS[role].anatomy)}
      subtitle={
        partOf
          ? t('latency.ofSelected', { selection: selectionText(selection, t) })
          : t('latency.anatomyHow')
      }
      table={
        anatomy.bands.length > 0 && (
          <AnatomyTable
            sums={sums}
            bands={bands}
            parts={parts}
            title={t(ROLE_WORDS[role].anatomy)}
          />
        )
      }
    >
      <div
        className={isCatchingUp ? classes.catchingUp : undefined}
        aria-busy={isCatchingUp}
      >
        {anatomy.bands.length === 0 ? (
          <Nothing isSelection={partOf} />
        ) : (
          <>
            {partOf && anatomy.sentence && (
              <Typography variant="body1" className={classes.sentence}>
                <Sentence sentence={anatomy.sentence} linkTo={linkTo} />
              </Typography>
            )}
            {sums.map(sum => (
              <SumRow
                key={sum.of}
                sum={sum}
                highlight={highlight}
                linkOf={linkOf}
              />
            ))}
            <PartsLegend
              parts={parts}
              linkOf={linkOf}
              onHighlight={setHighlight}
            />
            <BandRows
              bands={bands}
              highlight={highlight}
              chosen={selection.durations}
              onChoose={
                select && (durations => select({ ...selection, durations }))
              }
            />
          </>
        )}
      </div>
    </Section>
  );
}

function Nothing({ isSelection }: { isSelection: boolean }) {
  const t = useWords();
  return (
    <Typography variant="body1">
      {t(isSelection ? 'latency.noneSelected' : 'latency.nothingSaid')}
    </Typography>
  );
}

function SumRow(props: {
  sum: AnatomySum;
  highlight?: string;
  linkOf(part: AnatomyPart): string | undefined;
}) {
  const t = useWords();
  const { sum, highlight, linkOf } = props;
  const classes = useStyles();
  const [ref, width] = useWidth<HTMLDivElement>();
  const { thresholdSeconds, requestCount, estimatedShare } = sum;
  const name = t(SUM_WORDS[sum.of]);
  const count = t('latency.count', {
    count: requestCount,
    number: formatCount(requestCount),
  });
  return (
    <div className={classes.sum}>
      <div>
        <div className={classes.of}>{name}</div>
        <div className={classes.detail}>
          {thresholdSeconds !== undefined &&
            `${t('latency.over', { duration: formatDuration(thresholdSeconds) })}, `}
          {count}
          {estimatedText(estimatedShare, t)}
        </div>
      </div>
      <div ref={ref}>
        <PartsBar
          parts={sum.parts}
          height={sum.of === 'slowest-1' ? 40 : 26}
          width={width}
          label={name}
          highlight={highlight}
          linkOf={linkOf}
        />
      </div>
    </div>
  );
}

/** Above this, a bar is worth a word about how it was made. */
const NOTABLE_ESTIMATE = 0.05;

function estimatedText(share: number, t: Words): string {
  return share > NOTABLE_ESTIMATE ? `, ${t('latency.estimated')}` : '';
}

/** All rows with the same parts in the same order, folded so that a picture can hold them. */
function drawable(anatomy: Anatomy) {
  const folded = foldParts<AnatomySum | AnatomyBand>([
    ...anatomy.sums,
    ...anatomy.bands,
  ]);
  const parts = partsOf(folded);
  const rows = folded.map(row => inOrder(parts, row));
  return {
    parts,
    sums: rows.filter((row): row is AnatomySum => 'of' in row),
    bands: rows.filter((row): row is AnatomyBand => !('of' in row)),
  };
}

/** Every part that occurs, in the order of the first bar that has it: those of the slowest first. */
function partsOf(rows: ReadonlyArray<AnatomySum | AnatomyBand>): AnatomyPart[] {
  const parts = new Map<string, AnatomyPart>();
  for (const row of rows) {
    for (const part of row.parts) {
      if (!parts.has(part.key)) parts.set(part.key, part);
    }
  }
  return [...parts.values()];
}

/** All bars in one order: what is the same stands in the same place. */
function inOrder<R extends { parts: AnatomyPart[] }>(
  order: readonly AnatomyPart[],
  row: R,
): R {
  const place = new Map(order.map(({ key }, index) => [key, index]));
  return {
    ...row,
    parts: [...row.parts].sort(
      (a, b) => (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0),
    ),
  };
}
