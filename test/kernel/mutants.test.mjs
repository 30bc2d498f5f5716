// The oracle would notice: each of these mistakes, put into a copy of the kernel program's headers, is caught by it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { build, root } from './lib/build.mjs';

const agent = join(root, 'bpf-agent');

// What does not depend on the headers is built once.
build();

/** What is wrong, where, and how. */
const mutants = [
  [
    'the newest segment is not looked at',
    'charge.h',
    'log->pushed - 1 - back)',
    'log->pushed - 2 - back)',
  ],
  [
    'a segment before the last one is charged with what is left of the wait',
    'charge.h',
    'if (segment->start > rest->from) {',
    'if (0) {',
  ],
  [
    'the preemptor alone is charged with the whole wait',
    'wait.h',
    'if (log_newest(&c->log)->start > from || c->interrupts.end > from)',
    'if (0)',
  ],
  [
    'the oldest piece is dropped',
    'charge.h',
    'interval_give(rest, segment->occupant, ns);',
    'interval_give(rest, segment->occupant, ns - !!ns);',
  ],
  [
    'a segment begins a nanosecond late',
    'wait.h',
    'log_push(&c->log, start, occupant, taken);',
    'log_push(&c->log, start + 1, occupant, taken);',
  ],
  [
    'CPU time goes to the one who comes',
    'wait.h',
    'account(slot, newest->occupant, what(KIND_CPU, 0)',
    'account(slot, occupant, what(KIND_CPU, 0)',
  ],
  [
    'pieces on other CPUs are forgotten',
    'wait.h',
    'wait += state->pending_ns;',
    '',
  ],
  [
    'pieces on other CPUs are booked twice',
    'wait.h',
    '\t\t\tstate->pending_ns = 0;\n\t\t}\n\t}\n',
    '\t\t}\n\t}\n',
  ],
  [
    'a piece is taken for the next one, too',
    'wait.h',
    'state->seen_run_delay = run_delay;\n\tstate->seen_arrivals = arrivals;\n\tstate->throttle.queue = 0;',
    'state->seen_arrivals = arrivals;\n\tstate->throttle.queue = 0;',
  ],
  [
    'what the kernel books at the switch is forgotten',
    'wait.h',
    'state->seen_run_delay = run_delay + (to - from);',
    'state->seen_run_delay = run_delay;',
  ],
  [
    'arrivals are not remembered',
    'wait.h',
    'state->seen_arrivals = arrivals + 1;',
    'state->seen_arrivals = arrivals;',
  ],
  [
    'unseen pieces vanish',
    'wait.h',
    'if (run_delay != state->seen_run_delay)',
    'if (0)',
  ],
  [
    'waits from before the attach count in full',
    'wait.h',
    'if (from < c->attached) {\n\t\tfrom = c->attached;\n\t\tcount_lost(LOST_OPEN_AT_ATTACH, 1);\n\t}\n\twait += to - from;',
    'wait += to - from;',
  ],
  [
    'a stop lasts until the thread runs',
    'wait.h',
    'until < to ? until : to',
    'to',
  ],
  [
    'a stop is charged to neighbours',
    'wait.h',
    'if (until < from)\n\t\treturn from;',
    'return from;',
  ],
  [
    'a stop from before an unseen run still counts',
    'wait.h',
    'if (state->throttle.arrivals != arrivals)',
    'if (0)',
  ],
  [
    'a stop in a cgroup that was left is believed',
    'wait.h',
    'if (state->throttle.start && state->throttle.queue == task_queue(task))',
    'if (state->throttle.start)',
  ],
  [
    'a second stop of the queue lengthens the first',
    'wait.h',
    'if (!until)\n',
    'if (1)\n',
  ],
  [
    'a second stop ends where the first did',
    'stops.h',
    'past->end = stop->start + (stopped - stop->stopped);',
    'past->end = stop->start + stopped;',
  ],
  [
    'a stall is not counted if it moved',
    'wait.h',
    'state->throttled_ns += until - from;',
    '',
  ],
  [
    'stalls are never reset',
    'wait.h',
    '\tstate->throttle.queue = 0;\n\tstate->throttled_ns = 0;\n',
    '\tstate->throttle.queue = 0;\n',
  ],
  [
    'a thread that is still stopped when it moves was let go',
    'wait.h',
    'if (!task_stopped(task))\n\t\t\tuntil',
    'if (1)\n\t\t\tuntil',
  ],
  [
    'a lost switch is not repaired',
    'wait.h',
    'occupy(c, slot, arrival, task_occupant(prev), taken_at(c, cpu, arrival));',
    '',
  ],
  [
    'after many lost switches the last known one is accused',
    'wait.h',
    'if (lost > 1)',
    'if (0)',
  ],
  [
    'one lost switch makes everything unknown',
    'wait.h',
    'if (lost > 1)',
    'if (lost)',
  ],
  [
    'a wait that ended unseen is dropped',
    'wait.h',
    'piece < arrival && lost == 1',
    'piece < arrival && lost == 9',
  ],
  [
    'a migration believes a log that has a gap',
    'wait.h',
    'if (log_until < to)',
    'if (0)',
  ],
  [
    'the log begins before it was attached',
    'wait.h',
    'if (arrival > c->attached && arrival <= now)',
    'if (arrival <= now)',
  ],
  [
    'the sleep of a thread that was moved meanwhile is a wait',
    'wait.h',
    'drop_asleep(state, run_delay, arrivals)) {',
    'false) {',
  ],
  [
    'such a sleep is a wait if the thread is moved again',
    'wait.h',
    'if (state->asleep) {',
    'if (0) {',
  ],
  ['after such a sleep no wait counts', 'wait.h', 'state->asleep = 0;', ''],
  [
    'the bucket of a boundary is the next one',
    'histogram.h',
    'ns > bucket_bounds[guess + 1]',
    'ns >= bucket_bounds[guess + 1]',
  ],
  [
    'the guess is never corrected',
    'histogram.h',
    'ns > bucket_bounds[guess + 1] ? guess + 1 : guess',
    'guess',
  ],
  [
    'waits of 0 ns are not counted',
    'wait.h',
    'ns ? bucket_offset(ns) : WAIT_ZERO',
    'bucket_offset(ns + 1)',
  ],
  [
    'cells of another victim are added to',
    'cells.h',
    'cell->victim != victim || cell->what != what',
    'cell->what != what',
  ],
  [
    'a piece of another culprit is added to',
    'pending.h',
    'i < p->parts && p->part[i].what != code',
    'i < p->parts && p->part[i].what != code && i',
  ],
  [
    'of too many stopped queues not the oldest stop is forgotten',
    'stops.h',
    's->now[i].start < best->start',
    's->now[i].start > best->start',
  ],
  [
    'a stop that finds no place was none',
    'stops.h',
    'stops_forget(s, stop->queue, STOPS_FOREVER);',
    ';',
  ],
  [
    'a stop that ended long ago was none',
    'stops.h',
    'stops_forget(s, past->queue, past->end);',
    ';',
  ],
  [
    'a queue whose stop was forgotten is never known again',
    'stops.h',
    '*forgotten = start;\n\t\ts->astray--;',
    ';',
  ],
  [
    'the outermost quota is accused',
    'stops.h',
    'level < scan->best) {',
    'scan->best == STOP_LEVELS || level > scan->best) {',
  ],
  [
    'an outer stop hides that an inner one ended',
    'stops.h',
    'if (level < scan->best && scan->edge[level] > since)',
    'if (scan->best == STOP_LEVELS && scan->edge[level] > since)',
  ],
  [
    'only stops that go on are looked for',
    'stops.h',
    'return s->open || s->astray || ',
    'return s->open || s->astray || 0 && ',
  ],
  [
    'a queue is stopped from before its stop began',
    'stops.h',
    'scan->start = stop->start;',
    '',
  ],
  [
    'a queue is stopped until the wait ends',
    'stops.h',
    'if (end < scan->to) {',
    'if (0) {',
  ],
  [
    'a stop that is followed by another one is taken to go on',
    'stops.h',
    'stop->queue == queue && stop->start == start',
    'stop->queue == queue',
  ],
  [
    'what lies before too many stops is charged to who ran',
    'stops_cut.h',
    'log_sink(s->scan.slot, s->scan.victim, what(KIND_UNATTRIBUTED, 0), to - from);',
    'charge(cpu, slot, victim, from, to);',
  ],
  [
    'what lies before the stops that are remembered is charged to who ran',
    'stops_cut.h',
    's->scan.known_since < to ? s->scan.known_since : to',
    '0',
  ],
  [
    'a stall is the quota that began it',
    'stops_cut.h',
    'if (!s->stopped_ns)\n',
    'if (1)\n',
  ],
  [
    'a stall holds that of the wait before',
    'stops_cut.h',
    '\ts->stopped_ns = 0;\n',
    '',
  ],
  [
    'a quota that runs out because another is refilled goes unnoticed',
    'queue_walk.h',
    'queue = queue_above(queue, cpu);',
    'queue = NULL;',
  ],
  [
    'only the own quota of a container counts',
    'queue_walk.h',
    'entity = entity_parent(entity);',
    'entity = NULL;',
  ],
  [
    'queues are never let go',
    'queue_walk.h',
    'stops_end(&c->stops, place, now);',
    'return;',
  ],
  [
    'one of several queues that were let go is overlooked',
    'queue_walk.h',
    'i < STOPS_OPEN; i++)\n\t\tif (c->',
    'i < 1; i++)\n\t\tif (c->',
  ],
  [
    'time in a stopped queue is no stall',
    'wait.h',
    'keep_stopped(c, state);\n\t\tfrom = to;',
    'from = to;',
  ],
  [
    'time in a stopped queue that was left is no stall',
    'wait.h',
    'keep_stopped(c, state);\n\t} else',
    '} else',
  ],
  [
    'what a soft interrupt took before a hard one is forgotten',
    'interrupt.h',
    'if (i->soft_since && !i->hard_since && !i->busy && waited)',
    'if (0)',
  ],
  [
    'a soft interrupt counts the hard one in it once more',
    'interrupt.h',
    'if (i->soft_since)\n\t\ti->soft_since = now;\n}',
    '}',
  ],
  [
    'the last packet is charged with the packets of others before it',
    'interrupt.h',
    'interrupts_took(i, cpu, i->soft_since, now, taker, 0);',
    '',
  ],
  [
    'what goes before the first packet has no owner',
    'interrupt.h',
    'if (what_kind(i->soft_taker) == KIND_SOFTIRQ)',
    'if (1)',
  ],
  [
    'a hard interrupt for which somebody waits is not kept',
    'interrupt.h',
    'interrupts_took(i, cpu, since, now, what(KIND_INTERRUPT, 0), grown);',
    ';',
  ],
  [
    'a soft interrupt is over as if nobody waited',
    'interrupt.h',
    'if (!waited) {',
    'if (1) {',
  ],
  [
    'what the hypervisor took is charged to who ran',
    'interrupt.h',
    'intrude(cpu, end - ns, before, what(KIND_STEAL, 0));',
    '',
  ],
  [
    'what the hypervisor took is counted again',
    'interrupt.h',
    'i->stolen = stolen;',
    '',
  ],
  [
    'who leaves in the middle of an interrupt has waited for who ran',
    'charge.h',
    'rest->taker_ns = 0;\n\tif (!since)\n\t\treturn;',
    'rest->taker_ns = 0;\n\treturn;',
  ],
  [
    'who ran is charged with interrupts, too',
    'charge.h',
    'without(rest->to - segment->start, taken)',
    'rest->to - segment->start',
  ],
  [
    'an interrupt counts from before the wait began',
    'charge.h',
    'intrusion.start > rest->from ? intrusion.start : rest->from',
    'intrusion.start',
  ],
  [
    'an interrupt counts that came after the wait',
    'charge.h',
    'intrusion.end < rest->to ? intrusion.end : rest->to',
    'intrusion.end',
  ],
  [
    'interrupts count only where who ran has changed',
    'wait.h',
    ' || c->interrupts.end > from',
    '',
  ],
  [
    'packets of one container that follow those of another are the same',
    'intrusions.h',
    'newest->end == start && newest->taker == taker',
    'newest->end == start',
  ],
];

for (const [name, file, from, to] of mutants)
  test(`the oracle catches it if ${name}`, t => {
    const copy = mkdtempSync(join(tmpdir(), 'contention-mutant-'));
    t.after(() => rmSync(copy, { recursive: true }));
    cpSync(join(agent, 'bpf'), join(copy, 'bpf'), { recursive: true });
    const header = readFileSync(join(copy, 'bpf', file), 'utf8');
    assert.ok(
      header.includes(from),
      `${file} has changed: there is no ${JSON.stringify(from)} in it`,
    );
    writeFileSync(join(copy, 'bpf', file), header.replace(from, to));
    const variables = [
      `HEADERS=${join(copy, 'bpf')}`,
      `out=${copy}`,
      'oracle_out=build',
      'CFLAGS=-O1 -Wno-error',
    ];
    const programs = ['oracle-test', 'oracle-test-tight'].map(name =>
      join(copy, name),
    );
    execFileSync('make', ['-s', '-C', agent, ...variables, ...programs], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const survives = programs.every(program => {
      const { status, signal } = spawnSync(program, ['8000'], {
        timeout: 60_000,
      });
      return !status && !signal;
    });
    assert.ok(!survives, 'it survives');
  });
