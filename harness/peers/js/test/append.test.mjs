import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { appendLine } from '../src/append.mjs';

const folder = (context) => {
  const path = mkdtempSync(join(tmpdir(), 'peer-js-'));
  context.after(() => rmSync(path, { recursive: true }));
  return path;
};

test('a line stands alone after the rest of another', (context) => {
  const path = join(folder(context), 'deep', 'log.jsonl');
  appendLine(path, '[1]', 'refused');
  assert.equal(readFileSync(path, 'utf8'), '[1]\n');
  for (const rest of ['{"a":1}', '{}\n{"a', 'é']) {
    writeFileSync(path, rest);
    appendLine(path, '[1]', 'refused');
    assert.equal(readFileSync(path, 'utf8'), `${rest}\n[1]\n`);
  }
});

test('a rest is removed unless something follows it', (context) => {
  const path = join(folder(context), 'log.jsonl');
  for (const [content, after] of [
    ['{}\n{"a', '{}\n[1]\n'],
    ['{}\n{"a\n[0]\n', '{}\n{"a\n[0]\n[1]\n'],
  ]) {
    writeFileSync(path, content);
    appendLine(path, '[1]', 'refused', { start: 3, end: 6 });
    assert.equal(readFileSync(path, 'utf8'), after);
  }
});

test('an append that is cut short is taken back', (context) => {
  const path = join(folder(context), 'log.jsonl');
  // 1024 bytes at most; the writes beyond it are cut short or fail.
  const script = `trap '' XFSZ; ulimit -f 2; exec "$0" --input-type=module -e "$1"`;
  const program = `
    import { appendLine } from '${new URL('../src/append.mjs', import.meta.url)}';
    import { readFileSync, writeFileSync } from 'node:fs';
    for (const before of ['', '{}\\n'.repeat(200), 'x'.repeat(600), 'x'.repeat(1024)]) {
      writeFileSync('${path}', before);
      let error;
      try { appendLine('${path}', 'x'.repeat(2000), 'refused'); } catch (caught) { error = caught; }
      if (error?.message !== 'refused' || readFileSync('${path}', 'utf8') !== before) process.exit(1);
    }`;
  const child = spawnSync('sh', ['-c', script, process.execPath, program], { encoding: 'utf8' });
  assert.equal(child.status, 0, child.stderr);
});
