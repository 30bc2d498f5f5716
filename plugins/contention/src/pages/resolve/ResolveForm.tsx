/** The question in fields, for somebody with nothing but a pod name and a time. */
import { useState, type FormEvent } from 'react';
import Button from '@material-ui/core/Button';
import Card from '@material-ui/core/Card';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import SearchIcon from '@material-ui/icons/Search';
import type { ResolveQuestion } from 'backstage-plugin-contention-common';
import { useWords } from '../../translation';
import { isAsking, WHEN, WHO, type Field } from './question';

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(2.5, 3) },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(220px, 100%), 1fr))',
    gap: theme.spacing(2),
    marginBottom: theme.spacing(2),
  },
  button: { textTransform: 'none' },
}));

/** What is seldom known stays out of the way until it is. */
const RARE: readonly Field[] = ['cluster', 'from', 'to'];

export interface ResolveFormProps {
  question: ResolveQuestion;
  onAsk(question: ResolveQuestion): void;
}

export function ResolveForm({ question, onAsk }: ResolveFormProps) {
  const classes = useStyles();
  const t = useWords();
  const [fields, setFields] = useState<ResolveQuestion>(question);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk(fields);
  };
  const shown = [...WHO, ...WHEN].filter(
    field => !RARE.includes(field) || question[field] !== undefined,
  );
  return (
    <Card className={classes.root}>
      <form onSubmit={submit} aria-label={t('resolve.title')}>
        <div className={classes.fields}>
          {shown.map(field => (
            <TextField
              key={field}
              id={`contention-resolve-${field}`}
              label={t(`resolve.${field}`)}
              placeholder={t(`resolve.${field}Example`)}
              value={fields[field] ?? ''}
              onChange={event =>
                setFields({ ...fields, [field]: event.target.value })
              }
              size="small"
              variant="outlined"
              InputLabelProps={{ shrink: true }}
              inputProps={{ spellCheck: false, autoCapitalize: 'none' }}
            />
          ))}
        </div>
        <Button
          className={classes.button}
          type="submit"
          variant="contained"
          color="primary"
          startIcon={<SearchIcon />}
          disabled={!isAsking(fields)}
        >
          {t('resolve.ask')}
        </Button>
      </form>
    </Card>
  );
}
