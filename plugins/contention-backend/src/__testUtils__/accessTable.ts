/** The table of who is answered what, as it stands in docs/access.md: one row an operation, one column a caller. Pure. */

export interface AccessRow {
  /** `GET /v1/health`. */
  operation: string;
  /** HTTP status for each caller, in the order of the columns. */
  statuses: readonly number[];
}

const HEAD = `# Who is answered what

Every route of the OpenAPI document, asked by everybody who might try, about the component \`checkout\`: it runs on \`node-a\` of the
cluster \`demo\`, belongs to the team \`payments\`, and waited for \`batch-report\` of the team \`data\`. The policy lets people read the data
of what their group owns. A test (\`plugins/contention-backend/src/access.test.ts\`) makes this table with the framework's own
tokens, catalog and policy, and fails where it no longer fits; \`CONTENTION_WRITE_ACCESS=1\` lets it write the table anew.

A status says whether there is an answer. What is in it for whom is in other tests of the same file: names that its reader may not
see are missing in all of them.
`;

const WHO = `
- **no token**, **made up**, **expired**: a signature that does not fit, and an administrator's token a day later.
- **agent**: the token of the agents of \`demo\`; **foreign**: that of another cluster's agents.
- **nobody**: signed in, and the policy allows nothing.
- **other**: owns \`batch-report\`, not \`checkout\`. Sees all of the catalog.
- **blind**: owns \`checkout\`, and sees nothing else in the catalog.
- **owner**: owns \`checkout\`; **both**: owns \`batch-report\`, too; **admin**: may everything, owns nothing. A reply takes owning whom
  the record accuses, and reading the record.

400: \`pairs\` is of systems, domains and groups, and says so to who may read the component.
`;

/** The document, formatted as Prettier does. */
export function accessDocument(
  columns: readonly string[],
  rows: readonly AccessRow[],
): string {
  const cells = [
    ['', ...columns],
    ...rows.map(({ operation, statuses }) => [
      `\`${operation}\``,
      ...statuses.map(String),
    ]),
  ];
  const widths = cells[0].map((_, column) =>
    Math.max(3, ...cells.map(row => row[column].length)),
  );
  const line = (row: readonly string[], pad = ' ') =>
    `| ${row.map((text, column) => text.padEnd(widths[column], pad)).join(' | ')} |`;
  const [head, ...body] = cells;
  return [
    HEAD,
    line(head),
    line(
      widths.map(() => ''),
      '-',
    ),
    ...body.map(row => line(row)),
    WHO,
  ].join('\n');
}
