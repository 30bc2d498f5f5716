import type { Translated } from '../Translated';
import type { evidence as english } from '../en/evidence';

export const evidence: Translated<typeof english> = {
  freeze: 'Als Beweis einfrieren',
  freezeForbidden:
    'Ihr Portal lässt Sie das nicht einfrieren: die Berechtigung ist {{permission}}',
  freezeTitle: '{{name}} als Beweis einfrieren',
  freezeWhat:
    'Alles, was die drei Reiter für {{range}} zeigen, wird aufbewahrt, wie es jetzt ist, auf Dauer und unter einem eigenen Link: auch wenn die Daten gelöscht und Namen geändert sind.',
  freezeCluster: 'Cluster: {{cluster}}',
  fieldTitle: 'Titel',
  fieldNote: 'Notiz',
  fieldNoteHelp: 'Was geschah, was dagegen getan wurde. Reiner Text.',
  fieldIncident: 'Link zum Vorfall',
  fieldIncidentWrong: 'Das ist keine Webadresse: sie beginnt mit https://',
  cancel: 'Abbrechen',
  close: 'Schließen',
  freezing: 'Wird eingefroren…',
  freezeDo: 'Einfrieren',
  freezeFailed: 'Es ließ sich nicht einfrieren',
  frozenTitle: 'Eingefroren',
  frozenBody: 'Dieser Link wird es zeigen, wie es jetzt ist:',
  linkOfRecord: 'den Link zur Aufzeichnung',
  openRecord: 'Aufzeichnung öffnen',
  copyLink: 'Link kopieren',
  linkCopied: 'Link kopiert',
  linkCopiedWhat: 'Er zeigt diese Aufzeichnung, wie sie ist',
  cannotCopy: 'Ihr Browser lässt diese Seite nicht kopieren. Der Link:',

  records_one: '{{count}} eingefrorene Aufzeichnung',
  records_other: '{{count}} eingefrorene Aufzeichnungen',
  keptCopy: 'Von diesem Zeitraum wird eine Kopie aufbewahrt',
  keptSoon: 'Von diesem Zeitraum wird eine Kopie aufbewahrt werden',
  keptFailed: 'Von diesem Zeitraum ließ sich keine Kopie aufbewahren: {{why}}',

  tooLate: 'Messungen vor {{moment}} sind gelöscht.',
  keptRecord:
    'Was in diesem Zeitraum gemessen wurde, ist gelöscht, aber es wurde eingefroren:',
  keptRecords: 'Eingefrorene Aufzeichnungen dieses Zeitraums:',
  keptPart: 'von {{range}}',
  keptLookupFailed:
    'Ob es von diesem Zeitraum eine Aufzeichnung gibt, ließ sich nicht feststellen: {{why}}',

  recordOf: 'Aufzeichnung von {{name}}',
  factEntity: 'Von',
  factOwner: 'Gehörte damals',
  factRange: 'Zeitraum',
  factCluster: 'Cluster',
  factFrozen: 'Eingefroren',
  factIncident: 'Vorfall',
  factSoftware: 'Aufgezeichnet mit',
  factIntegrity: 'Prüfsumme (SHA-256)',
  entityGone: '{{name}} (nicht mehr im Katalog)',
  frozenBy: '{{moment}} von {{who}}',
  manual: 'von Hand',
  link: 'automatisch: ein Link wurde geöffnet',
  webhook: 'automatisch: ein Vorfall wurde gemeldet',
  automatic: 'automatisch',
  noteTitle: 'Notiz',
  intact: 'unverändert seit dem Einfrieren',
  intactRedacted:
    'unverändert seit dem Einfrieren (einige Namen sind für Sie verborgen; die Prüfsumme gilt für die ganze Aufzeichnung)',
  altered: 'verändert',
  hash: 'die Prüfsumme',
  alteredTitle: 'Diese Aufzeichnung ist nicht, was eingefroren wurde',
  alteredBody:
    'Jemand oder etwas hat sie in der Datenbank verändert. Verlassen Sie sich nicht auf das, was folgt.',
  download: '{{format}} herunterladen',
  downloadFailed: '{{format}} ließ sich nicht herunterladen',
  formatMd: 'Markdown',
  formatJson: 'JSON',
  formatSvg: 'Bild (SVG)',

  recordedTitle: 'Aufgezeichnete Daten, eingefroren am {{moment}}',
  recordedBody:
    'Auf dieser Seite ändert sich nichts mehr. Links zu anderen Diensten führen zu dem, was von derselben Zeit noch bekannt ist.',
  recordedLive: '{{name}} zeigen, wie es jetzt ist',
  tabs: 'Was aufgezeichnet wurde',

  notFoundTitle: 'Diese Aufzeichnung gibt es nicht',
  notFoundBody:
    'Sie wurde nie eingefroren, oder sie wurde gelöscht, oder Sie dürfen sie nicht sehen. Wer den Link geschickt hat, weiß es vielleicht.',
  toCatalog: 'Zum Katalog',

  repliesTitle: 'Antworten',
  repliesNone: 'Niemand hat geantwortet.',
  replyBy: '{{who}} für {{service}}',
  replyOwners:
    'Wem ein Dienst gehört, den diese Aufzeichnung nennt, darf hier antworten: {{owners}}.',
  replyNobody:
    'Antworten darf nur, wem ein Dienst gehört, den diese Aufzeichnung als Nachbarn nennt; sie nennt keinen.',
  replyWhat:
    'Ihnen gehört {{service}}; diese Aufzeichnung nennt ihn. Was Sie schreiben, trägt Ihren Namen, wird der Aufzeichnung angehängt und lässt sich nie mehr ändern.',
  replyFor: 'Im Namen von',
  replyText: 'Ihre Antwort',
  replySend: 'Unterschreiben und anhängen',
  replySending: 'Wird gesendet…',
  replyFailed: 'Die Antwort ließ sich nicht anhängen',

  delete: 'Löschen',
  deleteTitle: 'Diese Aufzeichnung löschen?',
  deleteBody:
    '„{{title}}“ und ihre Antworten sind dann für immer weg, und jeder Link dorthin führt ins Leere. Dass und von wem sie gelöscht wurde, steht im Prüfprotokoll.',
  deleteDo: 'Für immer löschen',
  deleting: 'Wird gelöscht…',
  deleteFailed: 'Sie ließ sich nicht löschen',
  deleted: 'Gelöscht',

  listTitle: 'Eingefrorene Aufzeichnungen von {{name}}',
  listWhat:
    'Was davon aufbewahrt wird: von Hand, weil ein Link geöffnet oder weil ein Vorfall gemeldet wurde.',
  listNone: 'Noch ist nichts eingefroren',
  listNoneBody:
    'Öffnen Sie einen Reiter von {{name}}, wählen Sie den Zeitraum, auf den es ankommt, und drücken Sie „Als Beweis einfrieren“. Links mit fester Zeit, die jemand öffnet, werden von selbst eingefroren.',
  listOpen: '{{name}} öffnen',
  listNewer: 'Neuere',
  listOlder: 'Ältere',
  listNoEntity: 'Wessen Aufzeichnungen?',
  listNoEntityBody:
    'Aufzeichnungen sind nach Diensten geordnet. Jeder Reiter eines Dienstes führt zu den seinen; oder nennen Sie den Dienst:',
  listEntity: 'kind:namespace/name',
  listShow: 'Aufzeichnungen zeigen',
  columnRecord: 'Aufzeichnung',
  columnSaid: 'Was sie sagt',
  columnRange: 'Zeitraum',
  columnFrozen: 'Eingefroren',
  columnReplies: 'Antworten',
};
