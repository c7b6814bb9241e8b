import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { answering, writeRecord } from '../src/session_log.mjs';
import { maskedObject, maskedText } from '../src/session_log/mask.mjs';
import { bytes } from '../testing/support.mjs';

const NOW = new Date('2026-05-02T07:53:54.120Z');
const RUN = {
  session_id: 's-1',
  kind: 'fill',
  provider: 'ollama',
  model: 'm',
  prompt: 'p',
  iterations: 1,
  max_iterations: 3,
  final_verdict: 'accepted',
  attempts: [{ iteration: 1, verdict: 'accepted', raw: '{}', error: null }],
  artifact: {},
  grounded_in_roster: true,
  error: null,
  duration_ms: 5,
};
const line = (members = {}) => bytes(JSON.stringify({ ...RUN, ...members }));
const answer = answering({});
const errorOf = (input) => JSON.parse(answer(input)).error;

test('a record has its members in order', () => {
  assert.equal(
    writeRecord(line(), NOW),
    '{"schema":"session.iterate.v1","session_id":"s-1","timestamp":"2026-05-02T07:53:54.120Z",' +
      '"daemon":"peer-js","kind":"fill","provider":"ollama","model":"m","prompt":"p","iterations":1,' +
      '"max_iterations":3,"final_verdict":"accepted","attempts":[{"iteration":1,"verdict":"accepted",' +
      '"raw":"{}","error":null}],"artifact":{},"grounded_in_roster":true,"error":null,"duration_ms":5}',
  );
});

test('spelling: integers are plain, strings are escaped, the artifact is carried over', () => {
  const text = JSON.stringify(RUN)
    .replace('"iterations":1', '"iterations" : 10e-1')
    .replace('"prompt":"p"', '"prompt":"\\u007f\\u2028\\/\\u001F\\ud800<"')
    .replace('"artifact":{}', '"artifact": { "2" : 1.0, "1":1, "2":1e400, "__proto__":"\\u0041 b" }');
  const record = writeRecord(bytes(text), NOW);
  assert.ok(record.includes('"iterations":1,'));
  assert.ok(record.includes('"prompt":"\u007f\u2028/\\u001f\ufffd<"'));
  assert.ok(record.includes('"artifact":{"2":1.0,"1":1,"2":1e400,"__proto__":"\\u0041 b"}'));
});

test('a failure is read in both shapes and written as the envelope', () => {
  const attempt = (error) => ({ iteration: 1, verdict: 'validation_failed', raw: '', error });
  for (const [error, expected] of [
    [{ Schema: { reason: 'r', field: 'f' } }, '{"Schema":{"field":"f","reason":"r"}}'],
    [{ Policy: { reason: 'r' } }, '{"Policy":{"reason":"r"}}'],
    [{ Reason: 'r', Kind: 'schema', Field: 'f' }, '{"Schema":{"field":"f","reason":"r"}}'],
    [{ Kind: 'consistency', Reason: 'r', Field: 'f' }, '{"Consistency":{"reason":"r"}}'],
    [{ Kind: 'completeness', Reason: 'r' }, '{"Completeness":{"reason":"r"}}'],
    [{ Kind: 'schema', Reason: 'r' }, undefined],
    [{ Kind: 'policy', Reason: 'r', Field: null }, undefined],
    [{ Kind: 'Policy', Reason: 'r' }, undefined],
    [{ Policy: { reason: 'r', field: 'f' } }, undefined],
    [{ Policy: { reason: 'r' }, Schema: { field: 'f', reason: 'r' } }, undefined],
    [{ Schema: { reason: 'r' } }, undefined],
    [{ constructor: { reason: 'r' } }, undefined],
    ['r', undefined],
    [{}, undefined],
  ]) {
    const input = line({ attempts: [attempt(error)] });
    if (expected === undefined) {
      assert.equal(errorOf(input), 'field `attempts` must be an array of attempts');
    } else {
      assert.ok(answer(input).includes(`"error":${expected}}]`), expected);
    }
  }
});

test('the first error is reported', () => {
  const { kind, ...withoutKind } = RUN;
  for (const [input, expected] of [
    [bytes(''), 'input line is not valid JSON'],
    [Uint8Array.of(0x22, 0xc0, 0x22), 'input line is not valid JSON'],
    [bytes('['.repeat(129) + ']'.repeat(129)), 'input nests deeper than 128 levels'],
    [bytes('[]'), 'input must be a JSON object'],
    [line({ zeta: 1, alpha: 2 }), 'unknown field `zeta`'],
    [line({ schema: 'session.iterate.v1' }), 'unknown field `schema`'],
    [bytes(JSON.stringify(withoutKind)), 'missing field `kind`'],
    [line({ session_id: null, kind: null }), 'field `session_id` must be a string'],
    [line({ kind: 'Fill' }), 'field `kind` must be one of `fill`, `email`, `sms`, `playbook`'],
    [line({ iterations: -1 }), 'field `iterations` must be an integer of at least 0'],
    [line({ max_iterations: 0 }), 'field `max_iterations` must be an integer of at least 1'],
    [line({ attempts: [{ ...RUN.attempts[0], more: 1 }] }), 'field `attempts` must be an array of attempts'],
    [line({ artifact: [] }), 'field `artifact` must be an object or null'],
    [line({ grounded_in_roster: 1 }), 'field `grounded_in_roster` must be a boolean or null'],
    [line({ error: 1 }), 'field `error` must be a string or null'],
  ]) {
    assert.equal(errorOf(input), expected);
  }
});

test('with a root, records are appended and errors are not', (context) => {
  const parent = mkdtempSync(join(tmpdir(), 'peer-js-'));
  context.after(() => rmSync(parent, { recursive: true }));
  const root = join(parent, 'deep', 'root');
  const logged = answering({ root });
  logged(bytes('[]'));
  assert.equal(existsSync(root), false);
  const answers = [logged(line()), logged(line({ prompt: 'ü' }))];
  assert.equal(readFileSync(join(root, 'sessions.jsonl'), 'utf8'), `${answers.join('\n')}\n`);
});

test('social security numbers are masked', () => {
  for (const [text, expected] of [
    ['SSN Two one nine, oh nine, ninety-nine ninety-eight. One', 'SSN *** *** ****, ** ****, ******-**** ******-*****. One'],
    ['2l9-\u041e9-9998 ssn', '***-**-**** ssn'],
    ['Need RN for patient SSN 219-09-9998', 'Need RN for patient SSN ***-**-****'],
    ['219-09-9998 and 219-09-9997', '***-**-**** and ***-**-****'],
    ['２１９-09-9998', '***-**-****'],
    ['078-05-\n1121', '***-**-\n****'],
    ['078-05-\\n1121', '***-**-\\n****'],
    ['{\\"a\\":\\"219\\u002d09\\u002d9998\\"}', '{\\"a\\":\\"***\\u002d**\\u002d****\\"}'],
    ['\\u0032\\u0031\\u0039-09-9998', '***-**-****'],
    ['\\ud835\\udfd019-09-9998', '***-**-****'],
    ['\\ud835 219-09-9998 \\x \\', '\\ud835 ***-**-**** \\x \\'],
    ['{"ssn":"219099998"}', '{"ssn":"*********"}'],
    ['call 313-555-0101', 'call 313-555-0101'],
  ]) {
    assert.equal(maskedText(text), expected);
  }
  for (const [object, expected] of [
    ['{"body":"SSN 219-09-9998","n":1.0}', '{"body":"SSN ***-**-****","n":1.0}'],
    ['{"ssn":219099998,"x":[1]}', '{"ssn":"*********","x":[1]}'],
    ['{"ssn":["219099998",{"n":"219099998"}]}', '{"ssn":["*********",{"n":"219099998"}]}'],
    ['{"219-09-9998":{}}', '{"***-**-****":{}}'],
    ['{"a":"219\\u002d09-9998","b":"\\\\\\"219-09-9998"}', '{"a":"***\\u002d**-****","b":"\\\\\\"***-**-****"}'],
    ['{"a":[219,9,9998],"b":"219","c":"-09-9998"}', '{"a":[219,9,9998],"b":"219","c":"-09-9998"}'],
  ]) {
    assert.equal(maskedObject(object), expected);
  }
  const attempts = [{ ...RUN.attempts[0], raw: 'SSN 219-09-9998' }];
  const record = writeRecord(line({ prompt: 'SSN 219-09-9998', attempts, artifact: { ssn: '219099998' } }), NOW);
  assert.ok(!/219/.test(record), record);
});
