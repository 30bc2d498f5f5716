/** What a page says instead of data, and about data that is old or not all there. */
export const states = {
  copied: 'Copied',
  copy: 'Copy {{what}}',
  loading: 'Loading',
  tryAgain: 'Try again',
  lookAgain: 'Look again',
  theRequest: 'the request',

  failedTitle: 'The data could not be loaded',

  forbiddenTitle: 'You may not see this',
  forbiddenBody:
    "Your portal's permission policy does not let you read what held {{name}} up. Ask whoever runs the portal, or the owner of {{owned}}, for this permission:",
  permissionName: "the permission's name",

  noDataTitle: 'No data in this range',
  noDataBody: 'Nothing was measured for {{name}} from {{range}}.',
  noDataNearest:
    'That is not the same as "all is well": the nearest data is one click away.',
  noDataAtAll:
    'There is no other data of it either. New pods appear within half a minute.',
  noDataShow: 'Show {{range}}',

  noPodsTitle: 'No pods seen',
  noPodsBody: 'No agent has seen a container that fits. What was looked for:',
  noAgents: 'No agent reports at all: is it installed on the nodes?',
  whereAgentsLook: 'Where agents look:',
  nodesWithAgent: 'Nodes with an agent',
  node: 'Node',
  cluster: 'Cluster',
  lastHeardOf: 'Last heard of',
  ago: '{{age}} ago',

  notAnnotatedTitle: 'Which pods belong to this?',
  notAnnotatedBody:
    'Nothing in the catalog says where {{name}} runs. Add these lines to its {{file}}; data that was measured before appears too.',
  linesForCatalog: 'lines for catalog-info.yaml',

  noDataArriving: 'No data is arriving',
  noNewDataSince: 'No new data since {{moment}}',
  noNewDataSinceAge: 'No new data since {{moment}} ({{age}})',
  quietNodes: 'Nodes that went quiet: {{nodes}}.',
  quietNode: '{{node}} (last heard of {{moment}})',
  trueUpToThen: 'What follows is true up to then.',
  nothingFromSince: 'Nothing from {{node}} since {{moment}}.',
  othersUpToDate: 'The other nodes are up to date.',
  partlyFailed: 'Some of it is missing; the rest is shown',
  couldNotRefresh: 'Could not refresh',
  couldNotRefreshFrom: 'Could not refresh: this is from {{moment}}',
} as const;
