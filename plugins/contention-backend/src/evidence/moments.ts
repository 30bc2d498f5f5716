/** Times in files that are read anywhere and at any time: UTC, with the date. Pure. */

/** `2026-11-21 10:02 UTC` */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-21 10:02 to 11:02 UTC`, with both dates where they differ. */
export function span(fromMs: number, toMs: number): string {
  const [from, to] = [moment(fromMs).slice(0, 16), moment(toMs).slice(0, 16)];
  const end = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  return `${from} to ${end} UTC`;
}
