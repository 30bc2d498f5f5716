/** Charts: axes, legends, tooltips, and what is read out. */
export const charts = {
  legend: 'Legend',
  noData: 'no data',
  nothing: 'nothing',
  requests: 'requests',
  waits: 'waits',
  noRequests: 'no requests',
  noWaits: 'no waits',
  noWaiting: 'no waiting',
  noPackets: 'no packet stood',
  requestsPerSecond: 'requests per second',
  waitingPerSecond: 'seconds of waiting per second',
  packetsStanding: 'packets that stood at once',
  shareStopped: 'share of periods stopped',
  cpus: 'CPUs',
  used: 'used',
  neededAtMost: 'needed at most',
  limit: 'limit',

  markIsRequest: 'Each mark is one request',
  markIsWait: 'Each mark is one wait',
  oneRequest: '1 request',
  oneWait: '1 wait',
  cellOfRequests: '{{number}} requests in one cell',
  cellOfWaits: '{{number}} waits in one cell',

  notMeasured: 'Nothing was measured in this range.',
  median: 'median {{duration}}',
  worst: 'worst {{duration}}',
  bucket: '{{from}} to {{to}}: {{number}}',

  keys: '{{chart}}. Arrow keys move through time',
  keysZoom:
    '{{chart}}. Arrow keys move through time, Shift with arrow keys marks a stretch, Enter: zoom',
  keysSelect:
    '{{chart}}. Arrow keys move through time, Shift with arrow keys marks a stretch, Enter: select',
  keysChoose:
    '{{chart}}. Arrow keys move through time, Shift with arrow keys marks a stretch, Enter: choose',
  noMoment: 'No moment chosen',
  letGoZoom: 'Let go to zoom',
  letGoSelect: 'Let go to select',
  letGoChoose: 'Let go to choose',

  changes: '{{number}} changes',
  rollout: 'rollout',
  restart: 'restart',
  pods: 'pods',
  image: 'image',
  cpuLimit: 'CPU limit',
  cpuRequest: 'CPU request',
} as const;
