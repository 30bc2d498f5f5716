/** The tab Throttling. */
export const throttling = {
  quota: '{{level}} {{subject}}',
  periods: 'How often its CPU limit stopped it',
  noLimit: 'No CPU limit applies to it: nothing can stop it this way.',
  periodsHow:
    "Share of the limit's periods (usually 100 ms each) in which the budget ran out.",
  periodsTable: '{{title}}: share of periods, by window',
  ofPeriods: '{{quota}}: {{share}} of periods',

  need: 'Limit against need',
  needHow:
    'CPUs used, allowed, and needed. Needed at most: what it used, and all the CPU time that was held back.',
  needTable: '{{title}} of {{quota}}, by window',
  needSummary:
    '{{quota}}, {{range}}: used {{used}}, limit {{limit}}, needed {{needed}}',
  whichLimit: 'Which limit',
  used: 'Used',
  neededAtMost: 'Needed at most',
  limit: 'Limit',
  usedMean: 'used: {{cpus}} on average',
  limitIs: 'limit: {{cpus}}',
  neededMean: 'needed at most: {{cpus}} on average',

  stalls: 'How long threads stood still',
  stallsHow:
    'Each time a thread was stopped, by how long, on a logarithmic scale.',
  standingStill: 'Standing still',
  fromTo: '{{from}} to {{to}}',
  limitOf: 'Limit of the',
  stops: 'Stops',
  stallsSummary:
    '{{stops}} stops, median {{median}}, p99 {{p99}}, worst {{worst}}',

  burned: 'Who burned the budget',
  burnedHow:
    'CPU time in stopped periods only, those in which the limit ran out, of the containers that share it. Measured as the kernel took it from the budget: whoever runs at other times burns nothing.',
  burnedTime: 'CPU time in stopped periods',
  usedUp: 'Who used the budget',
  usedUpHow:
    'All CPU time of the containers that share the limit in this range, also of periods in which it did not run out: what each used in the stopped periods was not measured.',
  usedUpTime: 'CPU time in all periods',
  sliceBurn:
    'The limit of a slice stopped it, too. Who used that up is not shown: everybody below the slice shares it, and where slices are in slices, what was measured does not say which of their limits it was taken from.',
  shareOfBudget: 'Share of the budget',

  higher: 'What a higher limit would change',
  higherHow:
    'Stopped time that would surely be gone, had the same work come at the same times. More than that may be gone, up to all of it: what was stopped may have had little left to do, and nobody knows how much.',
  higherSentence:
    '{{quota}}: with {{higher}} instead of {{limit}}, at least {{share}} of {{stopped}} of stopped time would be gone (at {{period}} a period).',
  higherUnknown:
    '{{quota}}: with {{higher}} instead of {{limit}}, anything from nearly nothing to all of {{stopped}} of stopped time would be gone. It stood still for so long at a time that what is measured does not say how much work was left to do.',
  higherSince: 'Of the time since {{since}}, when the limit was changed.',
  higherLimit: 'With a limit of',
  higherGone: 'Stopped time gone, at least',
  higherLeft: 'Stopped time left, at most',
  higherAlone:
    "Each limit is raised alone here; a pod's that is the same as its only container's, with it. Of other limits within each other, one that stays may then stop what another no longer does.",

  all: 'All limits',
  allHow: 'Every CPU limit above its containers, worst first.',
  periodsNumber: 'Periods',
  ofTheseStopped: 'Of these stopped',
  stoppedTime: 'Stopped time (ledger)',

  ledger: "Periods and stopped time come from the kernel's ledger ({{file}}).",
  besideLedger:
    "How long threads stood still is measured apart from it, on {{number}} stops: thread by thread, so its sum is larger than the ledger's.",
} as const;
