/** The card of the overview. */
export const card = {
  title: 'What holds it up',
  heldShare:
    'Share of the time it wanted to run that it was held up, over the last hour',
  heldShareBelow: 'held up, share of the time it wanted to run',
  requestP99: 'p99 of its requests over the last hour',
  requestP99Below: 'p99 of its requests, up to {{highest}}',
  queueP99: 'How long its packets stood in queues at p99, over the last hour',
  queueP99Below: 'p99 of how long its packets stood, up to {{highest}}',
  notAnnotated: 'Nothing in the catalog says where this runs.',
  noPods: 'No agent has seen a container of this.',
  noData: 'Nothing was measured in the last hour.',
  forbidden: 'You may not see this: it takes the permission {{permission}}.',
  whatToDo: 'What to do',
  since: 'since {{moment}}',
  nothingFrom: 'Nothing from {{node}} since {{moment}}',
  noRefreshSince: 'Could not refresh since {{moment}}: {{why}}',
} as const;
