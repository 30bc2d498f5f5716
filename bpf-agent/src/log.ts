/** Plain single lines on stderr; nothing is configurable. */

export interface Log {
  info(message: string): void;
  warn(message: string): void;
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, ' ');
}

export const stderrLog: Log = {
  info: message => {
    process.stderr.write(`contention-agent: ${oneLine(message)}\n`);
  },
  warn: message => {
    process.stderr.write(`contention-agent: warning: ${oneLine(message)}\n`);
  },
};

/** Says each distinct sentence once. */
export function onceOnly(log: Log): Log {
  const said = new Set<string>();
  const once = (say: (message: string) => void) => (message: string) => {
    if (said.has(message)) return;
    if (said.size >= 1000) said.clear();
    said.add(message);
    say(message);
  };
  return { info: once(log.info), warn: once(log.warn) };
}
