/** The tab Noisy neighbours. */
export const neighbours = {
  direction: 'Direction',
  suffered: 'Suffered: who held it up',
  caused: 'Caused: whom it held up',
  resource: 'Resource',
  network: 'Network (not measured yet)',
  networkWhy: 'Waiting for the network is not measured yet',

  neighbourSecondsCaused: 'neighbours waited while it ran',
  ranForCaused: 'it ran for',
  waitSeconds: 'waited for a CPU',
  waitShare: 'of the time it wanted to run',
  neighbourShare: 'of that while neighbours ran',
  ranFor: 'ran for',

  waitedFor: 'What {{name}} waited for',
  whoWaited: 'Who waited while {{name}} ran',
  waitedForHow:
    'Seconds of waiting per second, all its threads together. Above the line: while neighbours ran. Below it: everything else.',
  whoWaitedHow: 'Seconds that others waited per second while this ran.',
  nothing: 'nothing',
  aboveSuffered: 'above: while these ran',
  aboveCaused: 'these waited',
  below: 'below: everything else',
  waitingTable: '{{title}}: seconds of waiting per second, by window',

  culprits: 'Neighbours',
  victims: 'Held up',
  culpritsHow:
    'Who ran while {{name}} waited. "Ran while" is what is measured.',
  victimsHow: 'Who waited while {{name}} ran.',
  noCulprit: 'No neighbour ran while {{name}} waited.',
  noVictim: 'Nobody waited while {{name}} ran.',
  seen: '{{name}}: from {{from}} to {{to}}',
  podsInKubernetes: 'pods in Kubernetes',
  cpuUsed: 'CPU, used of asked for',
  cpuThere: 'CPU of {{name}} there',

  overTime: '{{what}} over time',
  apart: 'Not neighbours',
  apartSuffered:
    'The rest of the waiting: itself, its own limit, the host, and what is not known.',
  apartCaused: 'Of the same pod: they share a fate, and are nobody else.',
  apartTable: "Waiting that is no neighbour's",

  nodes: 'Nodes',
  nodesHow: 'Waiting over time on each node, all on the same scale.',
  whileNeighbours: 'While neighbours ran',
  meanCpu: 'Mean CPU',
  mostOfIt: 'Most of it',
  waitingOn: 'Waiting on {{node}} over time',
  nodeWaited: '{{waited}} of waiting, {{neighbours}} while neighbours ran',
  nodeWaitedMostly:
    '{{waited}} of waiting, {{neighbours}} while neighbours ran, mostly {{culprit}}',
  nodeCpu: 'Mean CPU of the node: {{cpu}}',
  shareOf: '{{share}} of {{all}}',
} as const;
