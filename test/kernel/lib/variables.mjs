// The variables of a running sensor's programs, which a test may look at and set, as the sensor's governor does. Knows bpftool.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.mjs';

/** Names of what can be switched off, in the order of their bits. */
const sheds = [
  ...readFileSync(join(root, 'bpf-agent/bpf/shed.h'), 'utf8')
    .split('#define NAMES_OF_SHEDS')[1]
    .split('}')[0]
    .matchAll(/"(\w+)"/g),
].map(([, name]) => name);

/** The bit in `shed` of what has that name. */
export function shedBit(name) {
  const bit = sheds.indexOf(name);
  if (bit < 0) throw new Error(`shed.h has no "${name}"`);
  return 1 << bit;
}

const bpftool = (...args) =>
  JSON.parse(execFileSync('bpftool', ['-j', ...args], { encoding: 'utf8' }));

/** Variables of the programs of the sensor with that process id, by name: get() and set(), of their lowest 32 bits. */
export function variablesOf(pid) {
  const own = readdirSync(`/proc/${pid}/fdinfo`).map(fd =>
    Number(
      /^map_id:\s*(\d+)/m.exec(
        readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'),
      )?.[1],
    ),
  );
  const { id, btf_id: btf } = bpftool('map', 'list').find(
    map => own.includes(map.id) && map.name?.endsWith('.bss'),
  );
  const { types } = bpftool('btf', 'dump', 'id', String(btf));
  const { vars } = types.find(
    ({ kind, name }) => kind === 'DATASEC' && name === '.bss',
  );
  const offsets = Object.fromEntries(
    vars.map(({ type_id: type, offset }) => [types[type - 1].name, offset]),
  );
  const read = () => {
    const [{ value }] = bpftool('map', 'dump', 'id', String(id));
    return Buffer.from(value.map(byte => Number(byte)));
  };
  return {
    get: name => read().readUInt32LE(offsets[name]),
    set(values) {
      const bytes = read();
      for (const [name, value] of Object.entries(values))
        bytes.writeUInt32LE(value, offsets[name]);
      const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0'));
      execFileSync('bpftool', [
        ...['map', 'update', 'id', String(id)],
        ...['key', 'hex', '00', '00', '00', '00', 'value', 'hex', ...hex],
      ]);
    },
  };
}
