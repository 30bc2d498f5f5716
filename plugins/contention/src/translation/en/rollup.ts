/** The tab of systems, domains and teams. */
export const rollup = {
  direction: 'Direction',
  suffered: 'Suffered: who held its services up',
  caused: 'Caused: whom its services held up',
  neighbourSeconds: 'waited while neighbours ran',
  waitSeconds: 'waited in all',
  waitShare: 'of the time they wanted to run',
  pairsCount: 'pairs of who waited and who ran',
  trendSuffered: 'Who ran while the services of {{name}} waited',
  trendCaused: 'Who waited while the services of {{name}} ran',
  trendHow:
    'Seconds of waiting per second, all services together. Drag to zoom.',
  trendLegendSuffered: 'while these ran',
  trendLegendCaused: 'these waited',
  trendTable: '{{title}}: seconds of waiting per second, by window',
  pairs: 'Worst pairs',
  pairsSuffered:
    'Each row is one service of {{name}} on one node, and who ran while it waited.',
  pairsCaused:
    'Each row is one service of {{name}} on one node, and who waited while it ran.',
  pairsNone: 'No pair: nobody waited for a neighbour in this range.',
  pairsMore: 'The largest {{shown}} of {{all}} pairs are listed.',
  victim: 'Waited',
  culprit: 'Ran meanwhile',
  share: 'Share',
  waiting: 'Waiting',
  node: 'Node',
  asked: 'CPU of what ran',
  inside: 'both of {{name}}',
  members: 'Services',
  membersWhat:
    'Every component and resource that the catalog counts to {{name}}, worst first: how long it waited, as a share of the time it wanted to run, how much of that for neighbours, and how long others waited while it ran. What several claim counts for each of them.',
  membersNone:
    'The catalog names no component or resource of {{name}} that you may see.',
  name: 'Name',
  mostly: 'Mostly',
  waitShareShort: 'Of wanted time',
  neighbourShort: 'For neighbours',
  causedShort: 'Held up others',
  hardly: 'hardly anything',
  noData: 'no pods seen in this range',
  notAnnotated: 'does not say where it runs',
  ahead: 'Ahead of it',
  stoodMean: 'a packet of its services stood in queues on average',
  queuePairsCount: 'pairs of who stood behind whom',
  queueTrendSuffered: 'Behind whom packets of the services of {{name}} stood',
  queueTrendCaused: 'Who stood behind packets of the services of {{name}}',
  queueTrendHow:
    'Packets that stood in queues of devices at once, on average, all services together. Drag to zoom.',
  queueTrendTable: '{{title}}: packets that stood at once, by window',
  queueLegendSuffered: 'while packets of these left',
  queueLegendCaused: 'packets of these stood',
  queuePairsSuffered:
    'Each row is one service of {{name}} on one node, and behind whose packets its own stood.',
  queuePairsCaused:
    'Each row is one service of {{name}} on one node, and whose packets stood behind its own.',
  queuePairsNone:
    "No pair: no packet stood behind a neighbour's in this range.",
  queueMembersWhat:
    'Every component and resource that the catalog counts to {{name}}, worst first: how long a packet of it stood in queues of devices, how much of that behind neighbours, and how many packets of others stood behind its own at once. What several claim counts for each of them.',
  othersBehind: "Others' packets behind it",
  forbidden: 'you may not read what held it up',
} as const;
