import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { LossCounter } from '../losses';
import { emptyFrame } from '../__testUtils__/frames';
import type { Frame } from './frame';
import type { FrameSource } from './frameSource';
import { linesOf } from './lines';
import { parseFrame } from './parseFrame';
import { ProcessSource } from './processSource';
import { StreamSource } from './streamSource';

let directory: string;
let said: string[];
let losses: LossCounter;
let stop: AbortController;
const log = {
  info: (message: string) => said.push(message),
  warn: (message: string) => said.push(message),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'frames-'));
  said = [];
  losses = new LossCounter();
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(directory, { recursive: true });
});

const line = (sequence: number) => `${JSON.stringify(emptyFrame(sequence))}\n`;

/** Sequence numbers of the first `count` frames; then the source is stopped. */
async function take(source: FrameSource, count: number): Promise<number[]> {
  const frames: Frame[] = [];
  for await (const frame of source.frames(stop.signal)) {
    frames.push(frame);
    if (frames.length === count) stop.abort();
  }
  return frames.map(frame => frame.sequence);
}

function script(body: string): string {
  const path = join(directory, 'sensor');
  writeFileSync(path, `#!/bin/sh\n${body}`);
  chmodSync(path, 0o755);
  return path;
}

function processSource(path: string, onExit: 'again' | 'throw') {
  return new ProcessSource({
    path,
    intervalSeconds: 1,
    onExit,
    log,
    losses,
  });
}

it('lines come out whole, however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string().map(text => text.replace(/\n/g, ''))),
      fc.array(fc.nat(20)),
      async (lines, cuts) => {
        let rest = lines.map(text => `${text}\n`).join('');
        const chunks: string[] = [];
        for (const cut of cuts) {
          chunks.push(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        chunks.push(rest);
        const got: string[] = [];
        const stream = async function* stream() {
          yield* chunks;
        };
        for await (const text of linesOf(stream())) got.push(text);
        expect(got).toEqual(lines.filter(text => text !== ''));
      },
    ),
  );
});

describe('a line that is no frame is refused with the reason', () => {
  it.each([
    ['{', 'no JSON'],
    ['17', 'no version'],
    ['{"version":2}', 'frame version 2, this agent version 1'],
    ['{"version":1}', 'frame without "cgroups"'],
    [JSON.stringify({ ...emptyFrame(1), sequence: 'x' }), '"sequence"'],
    [JSON.stringify({ ...emptyFrame(1), realtimeNs: 5.5 }), '"realtimeNs"'],
  ])('%s', (text, message) => {
    expect(() => parseFrame(text)).toThrow(message);
  });
});

describe('a sensor that the agent starts', () => {
  it('gets the interval, and its own words are passed on', async () => {
    const path = script(
      `echo "called with $*" >&2\ncat <<'END'\n${line(1)}END\nexec sleep 60\n`,
    );
    expect(await take(processSource(path, 'again'), 1)).toEqual([1]);
    expect(said).toContain('called with --interval 1');
  });

  it('gets the budget where one was given', async () => {
    const path = script(
      `echo "called with $*" >&2\ncat <<'END'\n${line(1)}END\nexec sleep 60\n`,
    );
    const source = new ProcessSource({
      path,
      intervalSeconds: 1,
      budgetShare: 0.0001,
      onExit: 'again',
      log,
      losses,
    });
    expect(await take(source, 1)).toEqual([1]);
    expect(said).toContain('called with --interval 1 --budget 0.0001');
  });

  it('is started again when it dies, and that is counted', async () => {
    const path = script(`cat <<'END'\n${line(1)}END\nkill -9 $$\n`);
    expect(await take(processSource(path, 'again'), 2)).toEqual([1, 1]);
    expect(losses.take().get('sensor_restart')).toBe(1n);
    expect(said[0]).toMatch(/ended \(by SIGKILL\); next try in 1 s/);
  });

  it('has the last word when the agent stops', async () => {
    const last = join(directory, 'last');
    writeFileSync(last, line(2));
    const path = script(
      `trap 'cat ${last}; exit 0' TERM\ncat <<'END'\n${line(
        1,
      )}END\nwhile :; do sleep 0.05; done\n`,
    );
    expect(await take(processSource(path, 'again'), 1)).toEqual([1, 2]);
  });

  it('that cannot do its work fails a one-shot command with its own words', async () => {
    const path = script('echo "no CAP_BPF" >&2\nexit 3\n');
    await expect(take(processSource(path, 'throw'), 1)).rejects.toThrow(
      `the sensor ${path} ended (exit code 3: no CAP_BPF)`,
    );
  });

  it('that does not exist fails it too', async () => {
    await expect(
      take(processSource(join(directory, 'none'), 'throw'), 1),
    ).rejects.toThrow('ENOENT');
  });

  it('a garbled line is counted, and the next one is read', async () => {
    const path = script(`cat <<'END'\n{"ver\n${line(7)}END\nexec sleep 60\n`);
    expect(await take(processSource(path, 'again'), 1)).toEqual([7]);
    expect(losses.take().get('frame_invalid')).toBe(1n);
  });
});

describe('frames that somebody else writes', () => {
  it('come from a file, to its end', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, line(1) + line(2));
    const source = new StreamSource(path, { log, losses });
    expect(await take(source, 99)).toEqual([1, 2]);
  });

  it('come through a FIFO that appears later, from one writer after the other', async () => {
    const path = join(directory, 'fifo');
    const source = new StreamSource(path, { log, losses });
    const taken = take(source, 2);
    while (said.length === 0) {
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    execFileSync('mkfifo', [path]);
    for (const sequence of [1, 2]) {
      const writer = spawn('sh', ['-c', 'cat > "$0"', path]);
      writer.stdin.end(line(sequence));
      await new Promise(resolve => writer.on('close', resolve));
    }
    expect(await taken).toEqual([1, 2]);
    expect(said).toEqual([`waiting for ${path}`]);
  });

  it('come through a Unix socket, again after it was closed', async () => {
    const path = join(directory, 'socket');
    let connections = 0;
    const server = createServer(socket => {
      connections += 1;
      socket.end(line(connections));
    });
    await new Promise<void>(resolve => {
      server.listen(path, resolve);
    });
    const source = new StreamSource(path, { log, losses });
    expect(await take(source, 2)).toEqual([1, 2]);
    server.close();
  });

  it('stopping does not wait for a writer that never comes', async () => {
    const path = join(directory, 'fifo');
    execFileSync('mkfifo', [path]);
    const taken = take(new StreamSource(path, { log, losses }), 1);
    setTimeout(() => stop.abort(), 50);
    expect(await taken).toEqual([]);
  });

  it('what is neither FIFO, socket nor file is refused', async () => {
    appendFileSync(join(directory, 'x'), '');
    await expect(
      take(new StreamSource(directory, { log, losses }), 1),
    ).rejects.toThrow('no FIFO, Unix socket or file');
  });
});
