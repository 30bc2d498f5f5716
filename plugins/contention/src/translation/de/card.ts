import type { Translated } from '../Translated';
import type { card as english } from '../en/card';

export const card: Translated<typeof english> = {
  title: 'Was es aufhält',
  heldShare:
    'Anteil der Zeit, in der es laufen wollte und aufgehalten wurde, in der letzten Stunde',
  heldShareBelow: 'aufgehalten, Anteil der gewollten Laufzeit',
  requestP99: 'p99 seiner Anfragen in der letzten Stunde',
  requestP99Below: 'p99 seiner Anfragen, bis {{highest}}',
  queueP99:
    'Wie lange seine Pakete in Warteschlangen standen (p99), in der letzten Stunde',
  queueP99Below: 'p99 der Standzeit seiner Pakete, bis {{highest}}',
  notAnnotated: 'Nichts im Katalog sagt, wo dies läuft.',
  noPods: 'Kein Agent hat einen Container davon gesehen.',
  noData: 'In der letzten Stunde wurde nichts gemessen.',
  forbidden:
    'Das dürfen Sie nicht sehen: dafür braucht es die Berechtigung {{permission}}.',
  whatToDo: 'Was zu tun ist',
  since: 'seit {{moment}}',
  nothingFrom: 'Nichts von {{node}} seit {{moment}}',
  noRefreshSince: 'Neu laden ging nicht, seit {{moment}}: {{why}}',
};
