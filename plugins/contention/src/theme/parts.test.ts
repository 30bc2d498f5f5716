import {
  REQUEST_PARTS,
  RELATIONS,
  type AnatomyPart,
} from 'backstage-plugin-contention-common';
import { apart, neighbour } from '../__fixtures__/parties';
import { inkOn, swatchOf, type Mode } from './colours';
import { partSwatch } from './parts';
import { partShort, partWords } from './words';

const MODES: Mode[] = ['light', 'dark'];

function part(
  name: AnatomyPart['part'],
  party?: AnatomyPart['party'],
): AnatomyPart {
  return {
    key: party?.key ?? name,
    part: name,
    label: `label of ${name}`,
    party,
    seconds: 1,
    share: 1,
  };
}

const batch = neighbour('batch-report', 'data');
const podLimit = apart('limit', 'throttled', 'limit', { quotaLevel: 'pod' });

const PARTS = [
  ...REQUEST_PARTS.filter(
    name => name !== 'wait' && name !== 'queue' && name !== 'throttled',
  ).map(name => part(name)),
  part('throttled', podLimit),
  part('wait', batch),
  part('queue', neighbour('etl', 'data')),
  part('queue', apart('sidecar', 'container', 'mesh-proxy')),
  part('queue', apart('self', 'self', 'its own packets')),
  part('queue', apart('host', 'system', 'kubelet')),
  part('queue', apart('other', 'other', 'others')),
  ...RELATIONS.flatMap(relation =>
    relation === 'neighbour' || relation === 'limit' || relation === 'unknown'
      ? []
      : [part('wait', apart(relation, 'other', relation))],
  ),
];

describe('parts of requests', () => {
  it.each(MODES)('have a colour each in %s', mode => {
    const colours = PARTS.map(one => partSwatch(one, mode).colour);
    expect(new Set(colours).size).toBe(PARTS.length);
  });

  it('have the colour and the word that the same has on the other tabs', () => {
    expect(partSwatch(part('wait', batch), 'light')).toEqual(
      swatchOf('neighbour', batch.key, 'light'),
    );
    expect(partWords(part('wait', batch))).toBe('waiting for batch-report');
    expect(partWords(part('throttled', podLimit))).toBe(
      'stopped by its CPU limit (pod)',
    );
    expect(partWords(part('upstream'))).toBe('label of upstream');
    expect(partWords(part('queue', batch))).toBe(
      'network: queued behind batch-report',
    );
  });

  it('have a word that is short enough for a bar, and none twice', () => {
    const words = PARTS.map(partShort);
    expect(new Set(words).size).toBe(PARTS.length);
    for (const word of words) expect(word.length).toBeLessThanOrEqual(15);
  });

  it('are hatched where they are not known', () => {
    expect(partSwatch(part('unattributed'), 'dark').hatched).toBe(true);
    expect(partSwatch(part('work'), 'dark').hatched).toBe(false);
  });

  it('of neighbours without a name look like no neighbour in particular', () => {
    const nameless = { ...batch, key: 'container:unnamed', name: 'neighbours' };
    const { colour, hatched } = partSwatch(part('wait', nameless), 'light');
    expect(colour).not.toBe(swatchOf('neighbour', batch.key, 'light').colour);
    expect(hatched).toBe(false);
  });

  it.each([
    ['#ffffff', '#000000'],
    ['#000000', '#ffffff'],
    ['#c9252d', '#ffffff'],
    ['#8592a3', '#000000'],
  ])('can be read on %s in %s', (colour, ink) => {
    expect(inkOn(colour)).toBe(ink);
  });
});
