import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, extractJson } from '../src/extract_json.mjs';
import { withoutReasoning } from '../src/extract_json/reasoning.mjs';
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
    ['{"raw\n":"\t\u0001"}', '{"raw\\n":"\\t\\u0001"}'],
    ['{ "raw" : "a\n b" }', '{"raw":"a\\n b"}'],
    ['{"raw":"\\\n"}', undefined],
    ['{\u00a0"a":1}', undefined],
    [nested(128), nested(128)],
    [nested(129), undefined],
    [`${nested(129)} {"a":1}`, undefined],
    [`\`\`\`json ${nested(129)}\`\`\` {"a":1}`, undefined],
    [`\`\`\`json ${nested(129)}\`\`\` \`\`\`json {"b":1}\`\`\``, '{"b":1}'],
    [`{ x ${nested(129).slice(0, -1)}`, undefined],
    ['{"a":[{"b":1}],} {"c":1}', '{"c":1}'],
    ['{"a":"}",} {"c":1}', '{"c":1}'],
    ['{"a":[{"b":1},{"b":', undefined],
    ['{"a" {"b":1}}', undefined],
    ['{"a: {} ', undefined],
    ["{'a':{\"b\":1}}", undefined],
    ['{“a”:{"b":1}}', undefined],
    ['{\u00a0"a":{"b":1}}', undefined],
    ['{\\"a\\":{"b":1}}', undefined],
    ['{,"a":{"b":1}}', undefined],
    ['{ // x\n"a":{"b":1}}', undefined],
    ['{#"a":{"b":1}}', undefined],
    ['{a:[{"b":1}]} {"c":1}', '{"c":1}'],
    ['{a: 1, b: {"c":1}}', undefined],
    ['{a:  {"b":1}}', '{"b":1}'],
    ['{{ "x" }} {"a":1}', '{"a":1}'],
    ['{{{{ "x" {{ {"a":1} }}', '{"a":1}'],
    ['{{"a":{"b":1}}}', '{"a":{"b":1}}'],
    ['{{"a":{"b":1},}}', undefined],
    ['{{"a" ', undefined],
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

test('reasoning is one space', () => {
  for (const [text, expected] of [
    ['a<think>b</think>c', 'a c'],
    ['<THINK>b</Think>c', ' c'],
    ['a<think depth="2">b</think\n>c', 'a c'],
    ['a<seed:think>b</seed:think>c', 'a c'],
    ['a<thinking>b</thought>c', 'a c'],
    ['a<reasoning>b</think>c', 'a '],
    ['a<inner-monologue>b</inner_monologue>c', 'a c'],
    ['a<think/>b', 'a<think/>b'],
    ['a<think />b', 'a<think />b'],
    ['a<thinker>b', 'a<thinker>b'],
    ['a<think<think>b', 'a<think '],
    ['b</think>c', ' c'],
    ['b<channel|>c', ' c'],
    ['<think>a<think>b</think>c</think>d', ' d'],
    ['<think>a</think><think>b</think>c', '  c'],
    ['a<|think|>b<|/think|>c', 'a c'],
    ['a<|think|>b<|end|>c', 'a c'],
    ['a<|begin_of_thought|>b<|end_of_thought|>c', 'a c'],
    ['a<|START_THINKING|>b<|END_THINKING|>c', 'a c'],
    ['a<start_thinking>b', 'a<start_thinking>b'],
    ['a[THINK]b[/THINK]c', 'a c'],
    ['a[thought]b', 'a[thought]b'],
    ['a◁think▷b◁/think▷c', 'a c'],
    ['a<|channel>thought\nb<channel|>c', 'a c'],
    ['a<|end|>b<|channel|> Final b', '  b'],
    ['a<|channel|>finally b', 'a '],
    ['<|channel|>commentary<|message|>a<|call|>b', ' b'],
    ['a<|end|>b', 'a<|end|>b'],
    ['<think>a<|end|>b</think>c', ' c'],
    ['\n analysisWe need assistantfinal b', '  b'],
    ['analysisWe need<|end|>b', ' b'],
    ['analysis we need assistantfinal', 'analysis we need assistantfinal'],
    ['{"a":"<think>"} b', '{"a":"<think>"} b'],
    ['{"a":"</think>"} b', '{"a":"</think>"} b'],
    ['{"a":"<think>",} b', '{"a":" '],
  ]) {
    assert.equal(withoutReasoning(text), expected, text);
  }
  assert.equal(extractJson('<think>```json\n{"a":"draft"}\n```</think>```json\n{"a":"final"}\n```'), '{"a":"final"}');
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
  for (const unit of [
    '{',
    '{"a":',
    '{"a":[',
    '{":{',
    '{":{":',
    '{"a{":',
    '{"',
    '{{"',
    '{a',
    '{a: ',
    '```',
    '```{"a":',
    '<think ',
    '<think{"a":',
    '</think>',
    '<|channel|>final',
  ]) {
    assert.equal(extractJson(unit.repeat(100_000)), undefined, unit);
  }
  assert.ok(process.cpuUsage(began).user < 4e6);
});

function naive(text) {
  let from = text.indexOf('{');
  while (from !== -1) {
    for (let to = from + 1; to <= text.length; to += 1) {
      const piece = text.slice(from, to);
      try {
        JSON.parse(piece);
      } catch {
        continue;
      }
      return piece.replaceAll(' ', '');
    }
    from = text.indexOf('{', naiveBegun(text, from) ? naiveEnd(text, from) : from + 1);
  }
  return undefined;
}

function naiveBegun(text, from) {
  const inside = text.slice(from + 1).trimStart();
  const string = /^"(?:[^"\\]|\\[^])*"(?<rest>[^]*)$/.exec(inside);
  const isTemplate = text[from - 1] === '{' && string !== null && !/^ *(:|$)/.test(string.groups.rest);
  return (/^(["\\,]|$)/.test(inside) && !isTemplate) || /^[1x]+ *: *($|[^{ ])/.test(inside);
}

function naiveEnd(text, from) {
  let level = 0;
  const signs = /\\[^]|"(?:[^"\\]|\\[^])*("|\\?$)|[{}]/g;
  signs.lastIndex = from;
  for (let found = signs.exec(text); found !== null; found = signs.exec(text)) {
    if (found[0] === '{') level += 1;
    if (found[0] === '}') level -= 1;
    if (level === 0) return signs.lastIndex;
  }
  return text.length;
}
