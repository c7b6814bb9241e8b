import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { changePercent } from '../src/audit_baselines/drift.mjs';
import { METRICS } from '../src/audit_baselines/entry.mjs';
import { answering } from '../src/audit_baselines.mjs';
import { isRfc3339 } from '../src/calendar.mjs';
import { bytes } from '../testing/support.mjs';

const ask = (input, settings = {}) => answering(settings)(bytes(JSON.stringify(input)));
const entry = (value = 1, members = {}) => ({
  recorded_at: '2026-05-02T07:53:54Z',
  git_commit: 'abc',
  metrics: Object.fromEntries(METRICS.map((name) => [name, value])),
  ...members,
});
const text = (value) => JSON.stringify(entry(value));

test('last, append and round trip', () => {
  const log = ` ${text(1)}\r\n \t\r\n${text(2)}`;
  for (const [input, expected] of [
    [{ op: 'last', log: '' }, '{"baseline":null,"entries":0}'],
    [{ op: 'last', log }, `{"baseline":${text(2)},"entries":2}`],
    [{ op: 'round_trip', log }, JSON.stringify({ log: `${text(1)}\n${text(2)}\n` })],
    [{ op: 'append', log, baseline: entry(3) }, JSON.stringify({ log: `${log}\n${text(3)}\n` })],
    [{ op: 'append', log: '', baseline: entry(3) }, JSON.stringify({ log: `${text(3)}\n` })],
    [{ op: 'append', log: '\n', baseline: entry(3) }, JSON.stringify({ log: `\n${text(3)}\n` })],
  ]) {
    assert.equal(ask(input), expected);
  }
});

test('drift rows and warnings', () => {
  const answer = JSON.parse(ask({ op: 'drift', from: entry(10), to: entry(12) }));
  assert.equal(answer.rows.length, 10);
  assert.equal(answer.warnings, 0);
  assert.ok(
    ask({ op: 'drift', from: entry(0), to: entry(1) }).startsWith(
      '{"rows":[{"metric":"p2_evidence_rows","from":0,"to":1,"change_percent":null,"verdict":"warn"}',
    ),
  );
  assert.ok(ask({ op: 'drift', from: entry(10), to: entry(13) }).endsWith('"warnings":10}'));
});

test('the change in percent is exact', () => {
  const most = 9007199254740991n;
  for (const [from, to, expected] of [
    [6n, 41n, '583.33'],
    [8n, 7n, '-12.50'],
    [5n, 5n, '0.00'],
    [0n, 0n, '0.00'],
    [0n, 1n, 'null'],
    [most, most - 1n, '0.00'],
    [20_000n, 20_001n, '0.01'],
    [20_000n, 19_999n, '-0.01'],
    [20_001n, 20_000n, '0.00'],
    [1n, most, '900719925474099000.00'],
    [3n, most, '300239975158032933.33'],
    [7n, 0n, '-100.00'],
  ]) {
    assert.equal(changePercent(from, to), expected, `${from} ${to}`);
  }
});

test('times of RFC 3339', () => {
  const right = [
    '2026-05-02T07:53:54Z',
    '2024-02-29T23:59:59.123456789+23:59',
    '2000-02-29T00:00:00-00:00',
  ];
  const wrong = [
    '',
    '2026-05-02t07:53:54Z',
    '2026-05-02T07:53:54z',
    '2026-05-02 07:53:54Z',
    '2026-05-02T07:53:54',
    '2026-05-02T07:53:60Z',
    '2026-05-02T24:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-05-02T07:53:54.Z',
    '2026-05-02T07:53:54.1234567890Z',
    '2026-05-02T07:53:54+24:00',
    '2026-05-02T07:53:54+0100',
    '2026-05-02T07:53:54Z\n',
    '٢٠٢٦-05-02T07:53:54Z',
  ];
  for (const time of right) assert.ok(isRfc3339(time), time);
  for (const time of wrong) assert.ok(!isRfc3339(time), time);
});

test('the first error is reported', () => {
  const deep = (levels) => entry(1, { x: JSON.parse('['.repeat(levels - 1) + ']'.repeat(levels - 1)) });
  const { metrics, ...withoutMetrics } = entry();
  const { p3_human, ...nine } = metrics;
  for (const [input, expected] of [
    [[], 'input must be a JSON object'],
    [{}, 'missing field `op`'],
    [{ op: 1 }, 'field `op` must be one of `last`, `append`, `round_trip`, `drift`'],
    [{ op: 'last', log: '', baseline: 1 }, 'unknown field `baseline`'],
    [{ op: 'append', baseline: 1 }, 'missing field `log`'],
    [{ op: 'append', log: null }, 'field `log` must be a string'],
    [{ op: 'append', log: 'x' }, 'missing field `baseline`'],
    [{ op: 'append', log: 'x', baseline: null }, 'baseline: not a JSON object'],
    [{ op: 'append', log: '', baseline: deep(129) }, 'baseline: nests deeper than 128 levels'],
    [{ op: 'append', log: '', baseline: deep(130) }, 'input nests deeper than 130 levels'],
    [{ op: 'drift', from: entry() }, 'missing field `to`'],
    [{ op: 'drift', from: entry(), to: withoutMetrics }, 'to: missing field `metrics`'],
    [{ op: 'drift', from: entry(1, { metrics: nine }), to: 1 }, 'from: missing metric `p3_human`'],
    [{ op: 'last', log: `${text(1)}\n\n{` }, 'line 3: not valid JSON'],
    [{ op: 'last', log: `\u00a0\n${text(1)}` }, 'line 1: not valid JSON'],
    [{ op: 'last', log: '[]' }, 'line 1: not a JSON object'],
    [{ op: 'last', log: JSON.stringify(deep(129)) }, 'line 1: nests deeper than 128 levels'],
    [{ op: 'last', log: text(-1) }, 'line 1: metric `p2_evidence_rows` must be an integer of at least 0'],
    [
      { op: 'last', log: JSON.stringify(entry(1, { recorded_at: 'now', git_commit: '' })) },
      'line 1: field `recorded_at` must be an RFC 3339 time',
    ],
    [
      { op: 'last', log: JSON.stringify(entry(1, { git_commit: '' })) },
      'line 1: field `git_commit` must be a string that is not empty',
    ],
  ]) {
    assert.equal(JSON.parse(ask(input)).error, expected);
  }
  assert.ok(ask({ op: 'append', log: '', baseline: deep(128) }).startsWith('{"log":'));
});

test('with a root the log is a file', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'peer-js-'));
  context.after(() => rmSync(root, { recursive: true }));
  const path = join(root, 'data', '_kb', 'audit_baselines.jsonl');
  const settings = { root };
  assert.equal(ask({ op: 'last' }, settings), '{"baseline":null,"entries":0}');
  assert.equal(ask({ op: 'last', log: '' }, settings), '{"error":"unknown field `log`"}');
  assert.equal(ask({ op: 'append', baseline: entry(1) }, settings), '{"entries":1}');
  writeFileSync(path, text(1));
  assert.equal(ask({ op: 'append', baseline: entry(2) }, settings), '{"entries":2}');
  assert.equal(readFileSync(path, 'utf8'), `${text(1)}\n${text(2)}\n`);
  assert.equal(ask({ op: 'append', baseline: 1 }, settings), '{"error":"baseline: not a JSON object"}');
  assert.equal(readFileSync(path, 'utf8'), `${text(1)}\n${text(2)}\n`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Uint8Array.of(0xff, 0x0a));
  assert.equal(ask({ op: 'last' }, settings), '{"error":"log is not valid UTF-8"}');
});

test('a log that changed between two lines is read again', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'peer-js-'));
  context.after(() => rmSync(root, { recursive: true }));
  const path = join(root, 'data', '_kb', 'audit_baselines.jsonl');
  mkdirSync(dirname(path), { recursive: true });
  const answer = answering({ root });
  for (const [log, expected] of [
    [`\n${text(1)}\n`, { baseline: entry(1), entries: 1 }],
    [`\n${text(1)}\n\n${text(2)}`, { baseline: entry(2), entries: 2 }],
    [`\n${text(1)}\n\n${text(2)}x\n`, { error: 'line 4: not valid JSON' }],
    [`\n${text(1)}\n\n${text(2)}\n${text(3)}\n{`, { baseline: entry(3), entries: 3 }],
    [`\n${text(1)}\n\n${text(2)}\n${text(3)}\n{\n`, { error: 'line 6: not valid JSON' }],
    [`${text(4)}\n`, { baseline: entry(4), entries: 1 }],
    ['', { baseline: null, entries: 0 }],
  ]) {
    writeFileSync(path, log);
    assert.deepEqual(JSON.parse(answer(bytes('{"op":"last"}'))), expected);
  }
});

test('an append that was cut short is no part of the log', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'peer-js-'));
  context.after(() => rmSync(root, { recursive: true }));
  const path = join(root, 'data', '_kb', 'audit_baselines.jsonl');
  mkdirSync(dirname(path), { recursive: true });
  const one = `${text(1)}\n`;
  for (const [content, answer, after] of [
    [`${one}${text(1).slice(0, 40)}`, '{"entries":2}', `${one}${text(2)}\n`],
    ['{', '{"entries":1}', `${text(2)}\n`],
    [Buffer.concat([bytes(`${one}"`), Uint8Array.of(0xe2, 0x82)]), '{"entries":2}', `${one}${text(2)}\n`],
    [`${one} \t`, '{"entries":2}', `${one} \t\n${text(2)}\n`],
    [`${one}{}`, '{"error":"line 2: missing field `recorded_at`"}', `${one}{}`],
    ['{\n', '{"error":"line 1: not valid JSON"}', '{\n'],
  ]) {
    writeFileSync(path, content);
    assert.equal(ask({ op: 'append', baseline: entry(2) }, { root }), answer);
    assert.equal(readFileSync(path, 'utf8'), after);
  }
});
