/** Rows of text as columns: the first to the left, the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map(row => row[column].length)),
  );
  return rows
    .map(row =>
      row
        .map((text, i) =>
          i ? text.padStart(widths[i]) : text.padEnd(widths[i]),
        )
        .join('  '),
    )
    .join('\n');
}
