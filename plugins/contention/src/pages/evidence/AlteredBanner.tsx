/** The record is not what was frozen: said first, and loudest. */
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { useWords } from '../../translation';

export function AlteredBanner({ problems }: { problems: readonly string[] }) {
  const t = useWords();
  return (
    <Alert severity="error" variant="filled">
      <AlertTitle>{t('evidence.alteredTitle')}</AlertTitle>
      {t('evidence.alteredBody')}
      <ul style={{ margin: '8px 0 0', paddingLeft: 20 }}>
        {problems.map(problem => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Alert>
  );
}
