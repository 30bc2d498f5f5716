/** A sentence of a report: entities as links into the same tab and range, times in the reader's zone. */
import { Fragment } from 'react';
import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Sentence as SentenceData,
  SentencePart,
} from 'backstage-plugin-contention-common';
import { formatAbsolute, formatMoment, zoneAt } from '../format';

const useStyles = makeStyles(theme => ({
  name: {
    fontFamily: 'inherit',
    fontWeight: theme.typography.fontWeightBold as number,
    overflowWrap: 'anywhere',
  },
  /** Hyphens or not, it is broken only where a line cannot hold it. */
  word: { display: 'inline-block', maxWidth: '100%' },
  time: { whiteSpace: 'nowrap' },
}));

export interface SentenceProps {
  sentence: SentenceData;
  /** Where an entity's name leads; absent: names are no links. */
  linkTo?(entityRef: string): string;
}

export function Sentence({ sentence, linkTo }: SentenceProps) {
  const { parts } = sentence;
  const lastTime = parts.map(part => part.type).lastIndexOf('time');
  return (
    <>
      {parts.map((part, index) => (
        <Fragment key={index}>
          <Part part={part} linkTo={linkTo} withZone={index === lastTime} />
        </Fragment>
      ))}
    </>
  );
}

function Part(props: {
  part: SentencePart;
  linkTo?(entityRef: string): string;
  withZone: boolean;
}) {
  const classes = useStyles();
  const { part, linkTo, withZone } = props;
  const nameClass = (text: string) =>
    text.includes(' ') ? classes.name : `${classes.name} ${classes.word}`;
  switch (part.type) {
    case 'text':
      return <>{unbroken(part.text)}</>;
    case 'strong':
      return <strong>{unbroken(part.text)}</strong>;
    case 'name':
      return <span className={nameClass(part.text)}>{part.text}</span>;
    case 'time':
      return (
        <time
          className={classes.time}
          dateTime={new Date(part.at).toISOString()}
          title={formatAbsolute(part.at)}
        >
          {formatMoment(part.at)}
          {withZone && ` ${zoneAt(part.at)}`}
        </time>
      );
    default:
      return linkTo ? (
        <Link to={linkTo(part.entityRef)} className={nameClass(part.text)}>
          {part.text}
        </Link>
      ) : (
        <span className={nameClass(part.text)}>{part.text}</span>
      );
  }
}

/** A number and its unit stay on one line. */
function unbroken(text: string): string {
  return text.replace(
    /(\d) (?=(?:%|ns|µs|ms|s|min|h|d|CPU)(?![\w]))/g,
    '$1\u00a0',
  );
}
