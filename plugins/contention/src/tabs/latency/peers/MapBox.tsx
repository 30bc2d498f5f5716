/** Somebody in the map: a link where the catalog knows who it is, and something to look at with the keyboard in any case. */
import type { KeyboardEvent } from 'react';
import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import LockIcon from '@material-ui/icons/LockOutlined';
import { useTabLink } from '../../../report/links';
import type { PlacedBox } from './layout';

const useStyles = makeStyles(theme => ({
  root: {
    position: 'absolute',
    boxSizing: 'border-box',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'center',
    padding: theme.spacing(0, 1),
    borderRadius: 6,
    border: `1px solid ${theme.palette.text.secondary}`,
    background: theme.palette.background.paper,
    color: theme.palette.text.primary,
    fontSize: theme.typography.pxToRem(13),
    lineHeight: 1.25,
    '&:focus': {
      outline: `3px solid ${theme.palette.primary.main}`,
      outlineOffset: 1,
    },
    '&:hover': { textDecoration: 'none' },
  },
  link: { '& $name': { color: theme.palette.primary.main } },
  centre: { borderWidth: 2, fontWeight: 600, textAlign: 'center' },
  name: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontWeight: 600,
  },
  detail: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(11.5),
    fontWeight: 400,
  },
  faded: { opacity: 0.35 },
  lock: { fontSize: 13, verticalAlign: '-2px', marginRight: 3 },
  /** Only read out: whoever sees the map sees the lines. */
  facts: {
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clip: 'rect(0 0 0 0)',
    whiteSpace: 'nowrap',
  },
}));

export interface MapBoxProps {
  box: PlacedBox;
  name: string;
  /** What its lines say, for who does not see them. */
  facts: string[];
  detail?: string;
  /** The one that Tab comes to. */
  isEntry: boolean;
  isFaded: boolean;
  onKeyDown(event: KeyboardEvent): void;
  onLook(): void;
  onLeave(): void;
  onFocus(): void;
  hold(element: HTMLElement | null): void;
}

export function MapBox(props: MapBoxProps) {
  const { box, name, facts, detail, isEntry, isFaded } = props;
  const classes = useStyles();
  const tabLink = useTabLink();
  const { node, x, y, width, height } = box;
  const [entity] = node?.party?.entities ?? [];
  const owner = entity?.owner?.title;
  const shared = {
    className: [
      classes.root,
      node ? '' : classes.centre,
      entity ? classes.link : '',
      isFaded ? classes.faded : '',
    ].join(' '),
    style: { left: x, top: y, width, height },
    tabIndex: isEntry ? 0 : -1,
    title: name,
    onKeyDown: props.onKeyDown,
    onMouseEnter: props.onLook,
    onMouseLeave: props.onLeave,
    onFocus: props.onFocus,
    onBlur: props.onLeave,
    'data-node': box.id,
  };
  const below = [owner, detail].filter(Boolean).join(', ');
  const content = (
    <>
      <span className={classes.name}>
        {node?.kind === 'hidden' && (
          <LockIcon className={classes.lock} aria-hidden />
        )}
        {name}
      </span>{' '}
      {below && <span className={classes.detail}>{below}</span>}
      {entity && <span className={classes.facts}>; {facts.join('; ')}</span>}
    </>
  );
  if (entity) {
    return (
      <Link
        {...shared}
        ref={props.hold}
        to={tabLink(entity.entityRef, 'latency')}
      >
        {content}
      </Link>
    );
  }
  return (
    <div
      {...shared}
      ref={props.hold}
      role="img"
      aria-label={[name, ...facts].join('; ')}
    >
      {content}
    </div>
  );
}
