// Segments in the middle of a request or an answer: the short way of amid.h beside the long one, and mistakes in it that are noticed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { build } from '../lib/build.mjs';
import { mutants } from './lib/mutants.mjs';

const RUNS = 20_000;

test(`a segment that goes the short way is remembered as by the long one: ${RUNS} connections`, () => {
  const said = execFileSync(build().amid, ['1', `${RUNS}`], {
    encoding: 'utf8',
  });
  const [, ...went] = new RegExp(
    `^${RUNS} connections, (\\d+) segments amid a request, (\\d+) amid an answer, (\\d+) values passed over$`,
    'm',
  ).exec(said);
  for (const times of went) assert.ok(Number(times) > RUNS, said);
});

/** What is wrong, where, and how. */
const mistakes = [
  [
    'a request goes on that is over',
    'amid.h',
    'return x->open && x->next_request',
    'return x->next_request',
  ],
  [
    'a segment of a request goes on after a gap, or again',
    'amid.h',
    'x->next_request == segment->sequence &&',
    '',
  ],
  [
    'a connection that has just begun is not looked at for its protocol',
    'amid.h',
    'x->next_request == segment->sequence && x->segments == REQUEST_EARLY &&',
    'x->next_request == segment->sequence &&',
  ],
  [
    'a request that is sent before its predecessor is answered overlaps nothing',
    'amid.h',
    '(x->overlapped || !x->knows_response || !sequence_before(segment->acknowledged, x->next_response))',
    'true',
  ],
  [
    'the first bytes of an answer go on',
    'amid.h',
    'return !x->open && x->knows_response',
    'return x->knows_response',
  ],
  [
    'an answer goes on that nobody knows',
    'amid.h',
    '!x->open && x->knows_response &&',
    '!x->open &&',
  ],
  [
    'a segment of an answer goes on after a gap, or again',
    'amid.h',
    'x->next_response == segment->sequence && ',
    '',
  ],
  [
    'a connection that has just begun is not looked at for its protocol, in answers',
    'amid.h',
    'x->next_response == segment->sequence && x->segments == REQUEST_EARLY',
    'x->next_response == segment->sequence',
  ],
  ['a request that comes has no newest byte', 'amid.h', 'x->newest = now;', ''],
  [
    'where a request ends is forgotten',
    'amid.h',
    'x->next_request += segment->length;',
    '',
  ],
  [
    'where an answer ends is forgotten',
    'amid.h',
    'x->next_response += segment->length;',
    '',
  ],
  [
    'what comes after a silence goes on',
    'amid.h',
    ' || exchange_pauses(x, began)',
    '',
  ],
  [
    'what is sent after a silence goes on',
    'amid.h',
    'if (exchange_pauses(x, now))\n\t\treturn false;',
    '',
  ],
  [
    'no value of data that is unread begins',
    'amid.h',
    'if (!unread_goes_by(u, epoch, segment->sequence))\n\t\treturn false;',
    '',
  ],
  [
    'values of a new interval are passed over',
    'unread.h',
    'if (u->epoch != epoch || u->values < UNREAD_ALL',
    'if (u->values < UNREAD_ALL',
  ],
  [
    'the first values of an interval are passed over',
    'unread.h',
    'u->values < UNREAD_ALL || u->values >=',
    'u->values >=',
  ],
  [
    'the value that stands for all that were passed over is passed over',
    'unread.h',
    'u->values >= UNREAD_ALL + UNREAD_EVERY - 1)',
    'u->values >= UNREAD_ALL + UNREAD_EVERY)',
  ],
  [
    'values that are passed over are not counted',
    'unread.h',
    '\tu->values++;\n\tu->weight = 0;',
    '\tu->weight = 0;',
  ],
  [
    'a value that is passed over has any byte',
    'unread.h',
    'u->first = first;',
    '',
  ],
  [
    'a value that is passed over before what is missing comes remains one',
    'unread.h',
    'if (u->since == UNREAD_PASSED && sequence_before(expected, u->first)) {',
    'if (0) {',
  ],
  ['a value that has not begun counts', 'unread.h', '\t\tu->values--;\n', ''],
];

mutants({
  mistakes: mistakes.map(([name, header, ...changes]) => ({
    name,
    header,
    changes,
  })),
  tries: [['amid-test', '1', '5000']],
});
