import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { installSteps } from './lib/document.mjs';
import { applyDiff, mergeEntity, mergeJson, mergeYaml } from './lib/edit.mjs';

describe('docs/install.md', () => {
  it('says of every block what to do with it', () => {
    const steps = installSteps();
    assert.ok(steps.length > 10);
    assert.ok(steps.some(({ only }) => only === 'legacy'));
    assert.ok(steps.some(({ what }) => what === 'start'));
  });

  it('is refused with a block that nobody tries', () => {
    assert.throws(
      () => installSteps('Text\n\n```sh\nrm -rf everything\n```\n'),
      /Nothing says what to do/,
    );
  });
});

describe('a diff', () => {
  it('is applied where its lines that stay stand', () => {
    assert.equal(
      applyDiff('a\nb\nc\n', ' a\n-b\n+x\n+y\n c\n'),
      'a\nx\ny\nc\n',
    );
  });

  it('is refused where they stand twice, or nowhere', () => {
    assert.throws(() => applyDiff('a\na\n', ' a\n+b\n'), /2 times/);
    assert.throws(() => applyDiff('a\n', ' z\n+b\n'), /0 times/);
  });
});

describe('keys', () => {
  it('are added to JSON beside those that are there', () => {
    assert.deepEqual(JSON.parse(mergeJson('{"a":{"b":1}}', '{"a":{"c":2}}')), {
      a: { b: 1, c: 2 },
    });
  });

  it('are added to YAML, lists at their end', () => {
    assert.equal(mergeYaml('a:\n  - 1\n', 'a:\n  - 2\n'), 'a:\n  - 1\n  - 2\n');
  });

  it('are added to the entity that is meant', () => {
    const text =
      'kind: A\nmetadata:\n  name: x\n---\nkind: B\nmetadata:\n  name: x\n';
    const merged = mergeEntity(
      text,
      { kind: 'B', name: 'x' },
      'metadata:\n  annotations:\n    k: v\n',
    );
    assert.match(
      merged,
      /^kind: A\nmetadata:\n {2}name: x\n---\nkind: B\n[^]*k: v\n$/,
    );
  });
});
