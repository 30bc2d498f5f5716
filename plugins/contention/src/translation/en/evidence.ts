/** Evidence: frozen records, how they are made, shown, answered and deleted. */
export const evidence = {
  freeze: 'Freeze as evidence',
  freezeForbidden:
    'Your portal does not let you freeze this: the permission is {{permission}}',
  freezeTitle: 'Freeze {{name}} as evidence',
  freezeWhat:
    'Everything that the three tabs show of {{range}} is kept as it is now, for good, under a link of its own: after the data is deleted and after names have changed.',
  freezeCluster: 'Cluster: {{cluster}}',
  fieldTitle: 'Title',
  fieldNote: 'Note',
  fieldNoteHelp: 'What happened, what was done about it. Plain text.',
  fieldIncident: 'Link to the incident',
  fieldIncidentWrong: 'This is no web address: it begins with https://',
  cancel: 'Cancel',
  close: 'Close',
  freezing: 'Freezing…',
  freezeDo: 'Freeze',
  freezeFailed: 'It could not be frozen',
  frozenTitle: 'Frozen',
  frozenBody: 'This link will show it as it is now:',
  linkOfRecord: 'the link to the record',
  openRecord: 'Open the record',
  copyLink: 'Copy link',
  linkCopied: 'Link copied',
  linkCopiedWhat: 'It will show this record as it is',
  cannotCopy: 'Your browser does not let this page copy. The link:',

  records_one: '{{count}} frozen record',
  records_other: '{{count}} frozen records',
  keptCopy: 'A copy of this range is kept',
  keptSoon: 'A copy of this range will be kept',
  keptFailed: 'No copy of this range could be kept: {{why}}',

  tooLate: 'Measurements before {{moment}} have been deleted.',
  keptRecord: 'What was measured in this range is gone, but it was frozen:',
  keptRecords: 'Frozen records that cover this range:',
  keptPart: 'of {{range}}',
  keptLookupFailed:
    'Whether there is a frozen record of this range could not be found out: {{why}}',

  recordOf: 'Record of {{name}}',
  factEntity: 'Of',
  factOwner: 'Owner then',
  factRange: 'Range',
  factCluster: 'Cluster',
  factFrozen: 'Frozen',
  factIncident: 'Incident',
  factSoftware: 'Recorded by',
  factIntegrity: 'Hash (SHA-256)',
  entityGone: '{{name}} (no longer in the catalog)',
  frozenBy: '{{moment}} by {{who}}',
  manual: 'by hand',
  link: 'automatic: a link was opened',
  webhook: 'automatic: an incident was reported',
  automatic: 'automatic',
  noteTitle: 'Note',
  intact: 'unchanged since it was frozen',
  intactRedacted:
    'unchanged since it was frozen (some names are hidden from you; the hash is of the whole record)',
  altered: 'altered',
  hash: 'the hash',
  alteredTitle: 'This record is not what was frozen',
  alteredBody:
    'Somebody or something changed it in the database. Do not rely on what follows.',
  download: 'Download {{format}}',
  downloadFailed: '{{format}} could not be downloaded',
  formatMd: 'Markdown',
  formatJson: 'JSON',
  formatSvg: 'picture (SVG)',

  recordedTitle: 'Recorded data, frozen on {{moment}}',
  recordedBody:
    'Nothing on this page changes any more. Links to other services lead to what is still known of the same time.',
  recordedLive: 'Show {{name}} as it is now',
  tabs: 'What was recorded',

  notFoundTitle: 'There is no such record',
  notFoundBody:
    'Either it was never frozen, or it has been deleted, or you may not see it. Whoever sent the link may know which.',
  toCatalog: 'Go to the catalog',

  repliesTitle: 'Replies',
  repliesNone: 'Nobody has replied.',
  replyBy: '{{who}} for {{service}}',
  replyOwners:
    'Owners of the services that this record names may reply here: {{owners}}.',
  replyNobody:
    'Only owners of a service that this record names as a neighbour may reply; it names none.',
  replyWhat:
    'You own {{service}}, which this record names. What you write is signed with your name, appended to the record and can never be edited.',
  replyFor: 'In the name of',
  replyText: 'Your reply',
  replySend: 'Sign and append',
  replySending: 'Sending…',
  replyFailed: 'The reply could not be appended',

  delete: 'Delete',
  deleteTitle: 'Delete this record?',
  deleteBody:
    '“{{title}}” and its replies will be gone for good, and every link to it will lead nowhere. That it was deleted, and by whom, is in the audit log.',
  deleteDo: 'Delete for good',
  deleting: 'Deleting…',
  deleteFailed: 'It could not be deleted',
  deleted: 'Deleted',

  listTitle: 'Frozen records of {{name}}',
  listWhat:
    'What was kept of it: by hand, when a link was opened, or when an incident was reported.',
  listNone: 'Nothing is frozen yet',
  listNoneBody:
    'Open a tab of {{name}}, choose the range that matters and press “Freeze as evidence”. Links with a fixed time that somebody opens are frozen by themselves.',
  listOpen: 'Open {{name}}',
  listNewer: 'Newer',
  listOlder: 'Older',
  listNoEntity: 'Whose records?',
  listNoEntityBody:
    'Records are listed by service. Each tab of a service leads to its records; or say which service:',
  listEntity: 'kind:namespace/name',
  listShow: 'Show records',
  columnRecord: 'Record',
  columnSaid: 'What it says',
  columnRange: 'Range',
  columnFrozen: 'Frozen',
  columnReplies: 'Replies',
} as const;
