/** The tab Latency. */
export const latency = {
  whichRequests: 'Which requests',
  getsChoice: 'Requests it gets',
  getsTitle: 'How long its requests took',
  getsAnatomy: 'What its requests were made of',
  getsPeer: 'Caller',
  sendsChoice: 'Requests it sends',
  sendsTitle: 'How long the requests it sent took',
  sendsAnatomy: 'What the requests it sent were made of',
  sendsPeer: 'Called',
  choiceCount: '{{choice}}: {{number}}',
  choiceNone: '{{choice}}: none',
  choiceNotMeasured: '{{choice}}: not measured',

  figureMedian: 'median',
  figureRate: 'rate',
  figureRequests: 'requests',
  before: '{{value}} before',
  usually: 'usually {{value}}',

  noRequests: 'No requests in this range',
  notMeasuredHere: 'Requests are not measured here',
  neitherGoodNorBad: 'That is neither good nor bad news.',
  notAllWell: 'That is not the same as "all is well".',
  threadsBelow:
    'How long its threads waited for a CPU is measured, and shown below.',

  durationHow:
    'From the first byte of a request to the first byte of its response. Time across, duration up, on a logarithmic scale: the stronger the colour, the more requests.',
  duration: 'duration',
  durationSummary:
    '{{title}}, {{range}}: {{number}} requests, median {{median}}, p99 {{p99}}',
  requestsPerSecond: 'Requests per second',
  rateSummary: 'Requests per second, {{range}}: {{rate}} on average',
  requests: 'Requests',
  number: 'Number',
  rate: 'Rate',

  selected: 'Selected: {{selection}}. What follows is of these requests.',
  dragToSee:
    'Drag over a part of the picture to see what those requests were made of.',
  zoomIn: 'Zoom in',
  clearSelection: 'Clear selection',
  dragging: 'Dragging',
  dragSelects: 'Drag selects',
  dragZooms: 'Drag zooms',

  ofSelected: 'Of the selected requests: {{selection}}.',
  anatomyHow:
    'Each instant that a request was open is one part. A part that is somebody leads to their page, in the same range.',
  noneSelected: 'There are no requests in the selected part.',
  nothingSaid: 'No agent said what these requests were made of.',
  slowest1: 'Slowest 1 %',
  slowest10: 'Slowest 10 %',
  all: 'All',
  overThreshold: '{{name}}, over {{duration}}',
  over: 'over {{duration}}',
  upTo: 'up to {{duration}}',
  count_one: '{{number}} request',
  count_other: '{{number}} requests',
  estimated: 'estimated',
  parts: 'Parts',
  byDuration: 'By how long they took',
  showAllDurations: 'Show all durations',
  selectThese: 'Select these',
  none: 'none',

  worst: 'Worst requests',
  worstHow:
    'The slowest of each container and interval, as they were seen. A bar is as long as the request took.',
  worstHowSelected:
    'The slowest of each container and interval, among the selected, as they were seen. A bar is as long as the request took.',
  noneKept: 'None was kept.',
  ended: 'Ended',
  took: 'Took',
  exchange: 'An exchange: several requests were open on its connection',
  madeOf: 'Made of',
  mostlyRan: 'mostly {{culprit}} ran',

  where: 'Where',
  whereHow:
    'The bar goes from the median to p99, on one logarithmic scale for all rows.',
  breakDown: 'Break down by',
  byPods: 'Requests by pod',
  byContainers: 'Requests by container',
  byNodes: 'Requests by node',
  app: 'app',
  sidecar: 'sidecar',
  meshProxy: 'mesh proxy',
  countedNowhere: '{{role}}, counted nowhere else',
  countedAtApp:
    'The same requests pass through here on their way: they are counted at the app',
  medianToP99: 'Median to p99',

  normal: 'Beside what is normal here',
  noEarlier: 'No earlier day is stored: what is usual is not known yet.',
  thisRange: 'This range',
  justBefore: 'Just before',
  usual: 'Usual: median of the days below',
  dayBefore: 'A day before',
  daysBefore: '{{number}} days before',

  waitInDetail: 'Waiting for a CPU, in detail',
  waits: 'How long threads waited for a CPU',
  waitsHow:
    'Time across, length of the wait up, on a logarithmic scale. The stronger the colour, the more waits.',
  waitLength: 'length of a wait',
  waitsSummary:
    '{{title}}, {{range}}: {{number}} waits, median {{median}}, p99 {{p99}}',
  waitsNumber: 'Waits',
  stillWaiting: 'Still waiting',
  stillWaitingHow:
    'Threads that were waiting for a CPU at the end of the range. Their waits count when they end.',
  openWaits: 'Waits that are still open',
  longestSoFar: 'Longest of them, so far',
  seenAt: 'Seen at',
  longest: 'Longest waits for a CPU',
  waited: 'Waited',
  mostlyWhile: 'Mostly while this ran',
  byContainer: 'Waiting by container',
  ofWanted: 'Of the time it wanted to run',
  ran: 'Ran',

  requestsExact:
    'Requests: one was open on its connection at a time, so each is measured from its own first byte to the first byte of its own response.',
  requestsEstimated:
    'Requests: {{share}} are exchanges on connections with several requests open at once (pipelining, HTTP/2, gRPC). Where one begins and ends is estimated; they are marked.',
} as const;
