/** What the roll-up calls things, by what was waited for and which side is asked. */
export const ROLLUP_WORDS = {
  cpu: {
    how: 'rollup.trendHow',
    table: 'rollup.trendTable',
    none: 'rollup.pairsNone',
    victim: 'rollup.victim',
    culprit: 'rollup.culprit',
    members: 'rollup.membersWhat',
    suffered: {
      title: 'rollup.trendSuffered',
      legend: 'rollup.trendLegendSuffered',
      pairs: 'rollup.pairsSuffered',
    },
    caused: {
      title: 'rollup.trendCaused',
      legend: 'rollup.trendLegendCaused',
      pairs: 'rollup.pairsCaused',
    },
  },
  network: {
    how: 'rollup.queueTrendHow',
    table: 'rollup.queueTrendTable',
    none: 'rollup.queuePairsNone',
    victim: 'nodes.stood',
    culprit: 'rollup.ahead',
    members: 'rollup.queueMembersWhat',
    suffered: {
      title: 'rollup.queueTrendSuffered',
      legend: 'rollup.queueLegendSuffered',
      pairs: 'rollup.queuePairsSuffered',
    },
    caused: {
      title: 'rollup.queueTrendCaused',
      legend: 'rollup.queueLegendCaused',
      pairs: 'rollup.queuePairsCaused',
    },
  },
} as const;
