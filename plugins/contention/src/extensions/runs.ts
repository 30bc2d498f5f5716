/** What can run, and so can be held up. */
export const RUNS = { kind: { $in: ['component', 'resource'] } };
