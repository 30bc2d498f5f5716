/** Entry of the program: reads the command line, passes signals on, sets the exit code. */
import { HELP } from './help';
import { parseCommand, UsageError } from './options';
import { run } from './run';
import { snapshot } from './snapshot';
import { VERSION } from './version';

async function main(signal: AbortSignal): Promise<number> {
  const command = parseCommand(process.argv.slice(2), process.env);
  switch (command.command) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'run':
      return run(command, signal);
    default:
      return snapshot(command, signal);
  }
}

const stop = new AbortController();
// The second signal of a kind does what it does by default: it ends the program at once.
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());

main(stop.signal).then(
  code => process.exit(code),
  (error: Error) => {
    process.stderr.write(`contention-agent: ${error.message}\n`);
    if (error instanceof UsageError) {
      process.stderr.write('contention-agent --help lists all flags\n');
      process.exit(2);
    }
    process.exit(1);
  },
);
