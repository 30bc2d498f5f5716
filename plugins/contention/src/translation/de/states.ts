import type { Translated } from '../Translated';
import type { states as english } from '../en/states';

export const states: Translated<typeof english> = {
  copied: 'Kopiert',
  copy: '{{what}} kopieren',
  loading: 'Wird geladen',
  tryAgain: 'Noch einmal versuchen',
  lookAgain: 'Noch einmal nachsehen',
  theRequest: 'die Anfrage',

  failedTitle: 'Die Daten ließen sich nicht laden',

  forbiddenTitle: 'Das dürfen Sie nicht sehen',
  forbiddenBody:
    'Die Berechtigungen Ihres Portals lassen Sie nicht lesen, was {{name}} aufgehalten hat. Bitten Sie die Betreiber des Portals oder den Eigentümer von {{owned}} um diese Berechtigung:',
  permissionName: 'Name der Berechtigung',

  noDataTitle: 'Keine Daten in diesem Zeitraum',
  noDataBody: 'Für {{name}} wurde nichts gemessen: {{range}}.',
  noDataNearest:
    'Das heißt nicht „alles ist gut“: die nächsten Daten sind einen Klick entfernt.',
  noDataAtAll:
    'Es gibt auch keine anderen Daten dazu. Neue Pods erscheinen innerhalb einer halben Minute.',
  noDataShow: '{{range}} zeigen',

  noPodsTitle: 'Keine Pods gesehen',
  noPodsBody:
    'Kein Agent hat einen Container gesehen, der passt. Gesucht wurde nach:',
  noAgents: 'Es meldet sich gar kein Agent: ist er auf den Knoten installiert?',
  whereAgentsLook: 'Wo Agenten nachsehen:',
  nodesWithAgent: 'Knoten mit Agent',
  node: 'Knoten',
  cluster: 'Cluster',
  lastHeardOf: 'Zuletzt gehört',
  ago: 'vor {{age}}',

  notAnnotatedTitle: 'Welche Pods gehören dazu?',
  notAnnotatedBody:
    'Nichts im Katalog sagt, wo {{name}} läuft. Fügen Sie diese Zeilen in {{file}} ein; auch was vorher gemessen wurde, erscheint dann.',
  linesForCatalog: 'Zeilen für catalog-info.yaml',

  noDataArriving: 'Es kommen keine Daten an',
  noNewDataSince: 'Keine neuen Daten seit {{moment}}',
  noNewDataSinceAge: 'Keine neuen Daten seit {{moment}} ({{age}})',
  quietNodes: 'Verstummte Knoten: {{nodes}}.',
  quietNode: '{{node}} (zuletzt gehört {{moment}})',
  trueUpToThen: 'Das Folgende gilt bis dahin.',
  nothingFromSince: 'Nichts von {{node}} seit {{moment}}.',
  othersUpToDate: 'Die anderen Knoten sind aktuell.',
  partlyFailed: 'Ein Teil fehlt; der Rest wird gezeigt',
  couldNotRefresh: 'Neu laden ging nicht',
  couldNotRefreshFrom: 'Neu laden ging nicht: dies ist von {{moment}}',
};
