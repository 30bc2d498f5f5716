/** The tab Noisy neighbours. */
export const neighbours = {
  direction: 'Direction',
  suffered: 'Suffered: who held it up',
  caused: 'Caused: whom it held up',
  resource: 'Resource',
  network: 'Network',
  notRecorded: 'This record is of before the network was measured',

  neighbourSecondsCaused: 'neighbours waited while it ran',
  ranForCaused: 'its own CPU time',
  waitSeconds: 'waited for a CPU',
  waitShare: 'of the time it wanted to run',
  neighbourShare: 'of that while neighbours ran',
  ranFor: 'its own CPU time',

  stoodMedian: 'its packets stood in queues at the median',
  stoodP99: 'the slowest 1 % stood longer',
  stoodShare: 'of that behind neighbours',
  othersStoodP99: 'the slowest 1 % of those behind it stood longer',
  itSent: 'it sent on average',

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

  stoodBehind: 'Behind whom packets of {{name}} stood',
  whoStood: 'Who stood behind packets of {{name}}',
  stoodBehindHow:
    'Its packets that stood in queues of devices at once, on average. Above the line: while packets of neighbours left. Below it: everything else.',
  whoStoodHow:
    'Packets of others that stood in queues at once, on average, while its own left.',
  aboveBehind: 'above: while packets of these left',
  aboveStood: 'packets of these stood',
  packetsTable: '{{title}}: packets that stood at once, by window',

  culprits: 'Neighbours',
  victims: 'Held up',
  culpritsHow:
    'Who ran while {{name}} waited. "Ran while" is what is measured.',
  victimsHow: 'Who waited while {{name}} ran.',
  noCulprit: 'No neighbour ran while {{name}} waited.',
  noVictim: 'Nobody waited while {{name}} ran.',
  seen: '{{name}}: from {{from}} to {{to}}',
  inBursts: 'in bursts',
  inBurstsEvery:
    'in bursts: about every {{every}}, each of {{longest}} or less',
  burstsHold:
    '{{share}} of it in {{windows}} of {{all}} windows of {{window}}. What is shorter than a window is not seen.',
  podsInKubernetes: 'pods in Kubernetes',
  cpuUsed: 'CPU, used of asked for',
  cpuThere: 'CPU of {{name}} there',
  aheadHow:
    'Whose packets left a queue while those of {{name}} stood in it. "Stood behind" is what is measured.',
  behindHow: 'Whose packets stood in a queue while those of {{name}} left it.',
  nobodyAhead: "No packet of {{name}} stood behind a neighbour's.",
  nobodyBehind: "Nobody else's packet stood behind one of {{name}}.",
  delay: 'Delay a packet',
  sentMean: 'Sent on average',

  overTime: '{{what}} over time',
  apart: 'Not neighbours',
  apartSuffered:
    'The rest of the waiting: itself, its own limit, the host, and what is not known.',
  apartCaused: 'Of the same pod: they share a fate, and are nobody else.',
  apartBehind:
    'The rest of the time in queues: behind its own packets, its sidecars, the host, and what is not known.',
  apartTable: "Waiting that is no neighbour's",

  nodes: 'Nodes',
  nodesHow: 'Waiting over time on each node, all on the same scale.',
  nodesHowCaused:
    'How long others waited on each node over time, all on the same scale.',
  nodesPacketsCaused:
    'Packets of others that stood on each node over time, all on the same scale.',
  whileNeighbours: 'While neighbours ran',
  neighboursWaited: 'Neighbours waited',
  nodeCaused: 'Neighbours waited {{neighbours}} while it ran',
  nodeCausedMostly:
    'Neighbours waited {{neighbours}} while it ran, mostly {{victim}}',
  ofNeighbours: 'Of neighbours',
  nodeOthersStood: '{{number}} packets of others stood on average',
  nodeOthersStoodMostly:
    '{{number}} packets of others stood on average, mostly of {{victim}}',
  meanCpu: 'Mean CPU',
  mostOfIt: 'Most of it',
  waitingOn: 'Waiting on {{node}} over time',
  nodeWaited: '{{waited}} of waiting, {{neighbours}} while neighbours ran',
  nodeWaitedMostly:
    '{{waited}} of waiting, {{neighbours}} while neighbours ran, mostly {{culprit}}',
  nodesPackets:
    'Packets in queues over time on each node, all on the same scale.',
  standing: 'Packets in queues, on average',
  behindNeighbours: 'Behind neighbours',
  nodeStood:
    '{{number}} packets stood in queues on average, {{share}} of the time behind neighbours',
  nodeStoodMostly:
    '{{number}} packets stood in queues on average, {{share}} of the time behind neighbours, mostly {{culprit}}',
  nodeCpu: 'Mean CPU of the node: {{cpu}}',
  shareOf: '{{share}} of {{all}}',

  noQueue: 'Its packets stood in no queue that can be seen',
  noQueueMeans:
    'Below it says where queues are not seen. That no queue was seen does not say that the network is quick.',
  notMeasured: 'The network is not measured here',
  notMeasuredMeans: 'This does not say that all is well.',
  howLong: 'How long packets of {{name}} stood',
  howLongOthers: 'How long packets of those behind {{name}} stood',
  howLongHow:
    'Every packet that passed the queue of a device, from its arrival there to its departure. Most stand for next to nothing; the tail is what is felt.',
  howLongSummary:
    '{{title}}: {{number}} packets, median {{median}}, p99 {{p99}}',
  queues: 'Queues of devices',
  device: 'Device',
  packets: 'Packets',
  drops: 'Dropped packets',
  dropsHow: 'Packets to and from it that the kernel threw away, and why.',
  noDrops: 'The kernel dropped no packet of {{name}} in this range.',
  dropWhy: "Why, and the kernel's word for it",
  dropPlace: 'Where',
  placeQueue: 'queue of a device',
  placeSocket: 'buffer of a socket',
  placeBacklog: 'backlog of a CPU',
  placeConntrack: 'connection tracking',
  placePolicy: 'firewall or policy',
  placeOther: 'elsewhere',
  receive: 'Receive side of its nodes',
  receiveHow:
    'Packets that arrived on each node, for anybody there. Dropped: the backlog of a CPU was full. Out of budget: packets were left when receive work had to make room for others. Whose packets they are is watched only while that lasts.',
  receiveDrops: 'Dropped',
  squeezed: 'Out of budget',
  pressure:
    'On {{node}} more packets came than a CPU could take up, for {{pressed}} in all. It was watched whose they were for {{watched}} of that: {{share}} were sent by {{sender}}.',
  pressureUnwatched:
    'On {{node}} more packets came than a CPU could take up, for {{pressed}} in all. Whose they were is not known: each time it was over before it was watched, or the agent there could not watch.',
  pressureUnseen:
    'On {{node}} more packets came than a CPU could take up. Whose they were is not known: its agent is older than this view.',
  ownDrops:
    'Of the {{all}} packets that found no room, {{own}} were of {{name}}.',
  senders: 'Who sent packets to {{node}} while there were too many',
  sender: 'Sent by',
  senderShare: 'Share of the packets',
  senderOf: '{{who}} (team {{owner}})',
  senderSelf: 'itself',
  senderHost: 'the host',
  senderUnknown: 'others outside of the node, or not known',
} as const;
