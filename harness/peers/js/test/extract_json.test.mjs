import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, extractJson } from '../src/extract_json.mjs';
import { bytes, random } from '../testing/support.mjs';

const nested = (levels) => '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);

test('the first object is found where the contract looks', () => {
  for (const [text, expected] of [
    ['Here:\n```json\n{"a": 1}\n```', '{"a":1}'],
    ['```\n{"a":1}\n```', '{"a":1}'],
    ['{"first":1} ```json {"second":2}```', '{"second":2}'],
    ['{"s":"a } b { c"}', '{"s":"a } b { c"}'],
    ['{"a":1,}', undefined],
    ['no braces', undefined],
    ['use {this} form: {"a":1}', '{"a":1}'],
    ['[{"a":1},{"b":2}]', '{"a":1}'],
    ['{"a":1} trailing }', '{"a":1}'],
    ['{ note: {"a":1} }', '{"a":1}'],
    ['{"a": 1.0, "a": 2}', '{"a":1.0,"a":2}'],
    [`{"n":${'9'.repeat(20)}}`, `{"n":${'9'.repeat(20)}}`],
    ['```{"a":1}``` ```JSON {"b":2}```', '{"b":2}'],
    ['```jsonc {"a":1}``` ```\n{"b":2}```', '{"b":2}'],
    ['```python {"a":1}```', '{"a":1}'],
    ['```json none``` ```json {"b":2}', '{"b":2}'],
    ['````json\n{"a":1}', '{"a":1}'],
    ['{"lone":"\\ud800"}', '{"lone":"\\ud800"}'],
    ['{"raw":"\t"}', undefined],
    ['{\u00a0"a":1}', undefined],
    [nested(128), nested(128)],
    [nested(129), undefined],
    [`${nested(129)} {"a":1}`, undefined],
    [`\`\`\`json ${nested(129)}\`\`\` {"a":1}`, undefined],
    [`\`\`\`json ${nested(129)}\`\`\` \`\`\`json {"b":1}\`\`\``, '{"b":1}'],
    [`{ x ${nested(129).slice(0, -1)}`, nested(128)],
  ]) {
    assert.equal(extractJson(text), expected, text.slice(0, 80));
  }
});

test('a line that is not a JSON string is an error', () => {
  const error = '{"error":"input line is not a JSON string"}';
  for (const line of ['', '{"a":1}', '"a', '"a" "b"', 'null', '\ufeff"a"']) {
    assert.equal(answer(bytes(line)), error, line);
  }
  assert.equal(answer(Uint8Array.of(0x22, 0xff, 0x22)), error);
  assert.equal(answer(bytes(' "\ufffd{}" \r')), '{"matched":true,"value":{}}');
});

test('the search agrees with trying every brace and every end', () => {
  const below = random(2);
  const tokens = ['{', '{', '}', '}', '"', '"a"', ':', ',', '"a":', '[', ']', '1', 'x', ' ', '\\"', '{"a":{'];
  let found = 0;
  for (let run = 0; run < 30_000; run += 1) {
    const text = Array.from({ length: 1 + below(12) }, () => tokens[below(tokens.length)]).join('');
    const expected = naive(text);
    assert.equal(extractJson(text), expected, text);
    if (expected !== undefined) found += 1;
  }
  assert.ok(found > 1000);
});

test('hostile text takes linear time', () => {
  // Processor time, so that a busy machine does not fail the test.
  const began = process.cpuUsage();
  for (const unit of ['{', '{"a":', '{"a":[', '{":{', '{":{":', '{"a{":', '{"', '```', '```{"a":']) {
    assert.equal(extractJson(unit.repeat(200_000)), undefined, unit);
  }
  assert.ok(process.cpuUsage(began).user < 4e6);
});

function naive(text) {
  for (let from = text.indexOf('{'); from !== -1; from = text.indexOf('{', from + 1)) {
    for (let to = from + 1; to <= text.length; to += 1) {
      const piece = text.slice(from, to);
      try {
        JSON.parse(piece);
      } catch {
        continue;
      }
      return piece.replaceAll(' ', '');
    }
  }
  return undefined;
}
