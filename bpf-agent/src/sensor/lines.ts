/** Splits a stream of text into lines. A line without an end is no line: its writer died in the middle of it. */

/** A frame of the largest node is a few MB; what never ends is no frame. */
const MAX_LINE_CHARACTERS = 256 * 1024 * 1024;

/** @throws when a line grows beyond all reason */
export async function* linesOf(
  chunks: AsyncIterable<string>,
): AsyncGenerator<string> {
  let parts: string[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf('\n', from);
      if (end < 0) break;
      parts.push(chunk.slice(from, end));
      const line = parts.join('');
      parts = [];
      size = 0;
      from = end + 1;
      if (line !== '') yield line;
    }
    if (from < chunk.length) {
      parts.push(chunk.slice(from));
      size += chunk.length - from;
      if (size > MAX_LINE_CHARACTERS) {
        throw new Error('the sensor sends a line that does not end');
      }
    }
  }
}
