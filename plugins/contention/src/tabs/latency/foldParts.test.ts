import type { AnatomyPart, Relation } from 'backstage-plugin-contention-common';
import { apart, neighbour } from '../../__fixtures__/parties';
import { noise } from '../../__fixtures__/series';
import { partWords } from '../../theme';
import { foldParts } from './foldParts';

function waited(share: number, party: AnatomyPart['party']): AnatomyPart {
  const key = party!.key;
  return { key, part: 'wait', label: key, party, share, seconds: share };
}

const host = (name: string, share: number): AnatomyPart => ({
  ...waited(share, apart('host', 'system', name)),
  label: 'taken by the host',
});

describe('parts in a picture', () => {
  it('are one part where they have one word', () => {
    const [{ parts }] = foldParts([
      { parts: [host('kubelet', 0.2), host('sshd', 0.1)] },
    ]);
    expect(parts).toHaveLength(1);
    expect(parts[0].share).toBeCloseTo(0.3);
    expect(partWords(parts[0])).toBe('taken by the host');
  });

  it('name the largest neighbours, the same in every row, and fold the rest', () => {
    const shares = [0.3, 0.2, 0.15, 0.1, 0.08, 0.04, 0.03];
    const parts = shares.map((share, n) => waited(share, neighbour(`n${n}`)));
    const rows = foldParts([{ parts }, { parts: [...parts].reverse() }]);
    for (const row of rows) {
      const words = row.parts.map(partWords);
      expect(words.slice(0, 5).sort()).toEqual(
        [0, 1, 2, 3, 4].map(n => `waiting for n${n}`),
      );
      expect(words[5]).toBe('waiting for smaller neighbours');
      expect(row.parts[5].share).toBeCloseTo(0.07);
      expect(row.parts[5].party?.entities).toEqual([]);
    }
  });

  it('add up to what they added up to before', () => {
    const relations: Relation[] = ['neighbour', 'host', 'sidecar', 'other'];
    for (let round = 0; round < 200; round++) {
      const pick = (n: number, of: number) =>
        Math.floor(noise(round * 10_000, n) * of);
      const parts = Array.from({ length: pick(0, 20) }, (_, n) => {
        const relation = relations[pick(3 * n + 1, relations.length)];
        const name = `n${pick(3 * n + 2, 10)}`;
        const party =
          relation === 'neighbour'
            ? neighbour(name)
            : apart(relation, 'other', name);
        const seconds = pick(3 * n + 3, 1000);
        return { ...waited(0, party), label: relation, seconds };
      });
      const [row] = foldParts([{ parts }]);
      const total = (of: readonly AnatomyPart[]) =>
        of.reduce((sum, part) => sum + part.seconds, 0);
      expect(total(row.parts)).toBe(total(parts));
      const words = row.parts.map(partWords);
      expect(new Set(words).size).toBe(words.length);
    }
  });
});
