/** The plugin's own pages: their names and what they are for. */
export const pages = {
  intro:
    'Why a service is slow is on its own page, in the tabs Latency, Throttling and Noisy neighbours. These pages look at it from the other side.',
  nodes: 'Nodes',
  nodesWhat: 'Who lives on a node, who waits there and who runs meanwhile.',
  evidence: 'Evidence',
  evidenceWhat: 'What was frozen of a service: the same figures, months later.',
  notFound: 'There is no such page',
} as const;
