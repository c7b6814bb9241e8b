import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readLines } from '../src/lines.mjs';

const PEER = fileURLToPath(new URL('../peer.mjs', import.meta.url));
const run = (args, input = '') =>
  spawnSync(process.execPath, [PEER, ...args], { input, encoding: 'utf8', maxBuffer: 1 << 26 });

test('lines end only at line feeds, across chunks', async () => {
  async function* chunks() {
    for (const chunk of ['a\r\n', '\nb', '', 'c', '\u2028\n\nd']) yield Buffer.from(chunk);
  }
  const lines = [];
  for await (const line of readLines(chunks())) lines.push(line.toString());
  assert.deepEqual(lines, ['a\r', '', 'bc\u2028', '', 'd']);
});

test('every line is answered, including an empty one', () => {
  const { status, stdout, stderr } = run(['helper', 'extract_json'], '"{}"\n\n"x"\n');
  assert.deepEqual(stdout.split('\n').slice(0, 3), [
    '{"matched":true,"value":{}}',
    '{"error":"input line is not a JSON string"}',
    '{"matched":false,"value":null}',
  ]);
  assert.deepEqual([status, stderr], [0, '']);
});

test('a line of 16 MiB is answered', () => {
  const long = `{"a":"${'x'.repeat((1 << 24) - 20)}"}`;
  const { stdout } = run(['helper', 'extract_json'], `${JSON.stringify(long)}\n`);
  assert.equal(stdout, `{"matched":true,"value":${long}}\n`);
});

test('an answer is written before the next line arrives', async () => {
  const peer = spawn(process.execPath, [PEER, 'helper', 'audit_baselines'], { stdio: 'pipe' });
  const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  for (let turn = 0; turn < 3; turn += 1) {
    peer.stdin.write('{"op":"last","log":""}\n');
    assert.equal((await answers.next()).value, '{"baseline":null,"entries":0}');
  }
  peer.stdin.end();
  assert.deepEqual(await once(peer, 'close'), [0, null]);
});

test('the command line', () => {
  assert.match(run(['version']).stdout, /^peer-js [0-9.]+ \((node|bun) [0-9.]+\)\n$/);
  for (const args of [[], ['helper'], ['helper', 'x'], ['helper', 'validate', '--x'], ['version', 'x']]) {
    const { status, stdout, stderr } = run(args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.notEqual(stderr, '');
  }
  const { status, stderr } = run(['helper', 'validate', '--roster', '/does/not/exist']);
  assert.deepEqual([status, stderr], [2, 'roster cannot be read\n']);
});
