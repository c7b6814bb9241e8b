import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimal, integer, isBetween0And1 } from '../src/json/number.mjs';
import { Json, withoutSpace } from '../src/json/value.mjs';
import { random } from '../testing/support.mjs';

test('the grammar is exactly that of the engine', () => {
  const below = random(1);
  const tokens = [
    '{', '}', '[', ']', ',', ':', '"', '"a"', '"\\n"', '\\', '\\u12', '1', '-', '0', '.5', '1.0', 'e+2',
    'E', 'true', 'null', 'fals', ' ', '\n', '\u00a0', '\ufeff', '\u0001', '""', '{}', '[]', '"k":',
  ];
  let valid = 0;
  for (let run = 0; run < 40_000; run += 1) {
    const text = Array.from({ length: 1 + below(7) }, () => tokens[below(tokens.length)]).join('');
    let expected = true;
    try {
      JSON.parse(text);
    } catch {
      expected = false;
    }
    assert.equal(Json.parse(text) !== undefined, expected, JSON.stringify(text));
    if (expected) valid += 1;
  }
  assert.ok(valid > 1000);
});

test('members keep order, repetition and names that are special to the language', () => {
  const json = Json.parse('{"2":1,"1":2,"__proto__":3,"2":4,"constructor":5}');
  assert.deepEqual(json.names(), ['2', '1', '__proto__', 'constructor']);
  assert.equal(json.get('2').asInteger(), 4);
  assert.equal(json.get('__proto__').asInteger(), 3);
  assert.equal(json.get('toString'), undefined);
  assert.equal(json.members().length, 5);
});

test('a lone surrogate escape is read as U+FFFD', () => {
  for (const [literal, expected] of [
    ['"\\ud83d\\ude00"', '\u{1f600}'],
    ['"\\ud83d"', '\ufffd'],
    ['"\\ude00\\ud83d"', '\ufffd\ufffd'],
    ['"\\ud83d\\ud83d\\ude00"', '\ufffd\u{1f600}'],
    ['"\\ud83d\\n"', '\ufffd\n'],
  ]) {
    assert.equal(Json.parse(literal).asString(), expected, literal);
  }
});

test('nesting levels are counted at any depth', () => {
  for (const [text, levels] of [
    ['1', 0],
    ['{}', 1],
    ['[[],{"a":[]}]', 3],
    ['['.repeat(1e6) + ']'.repeat(1e6), 1e6],
  ]) {
    assert.equal(Json.parse(text).levels, levels);
  }
});

test('integers are recognised by their value', () => {
  for (const [lexeme, expected] of [
    ['2', 2],
    ['2.0', 2],
    ['2e0', 2],
    ['20E-1', 2],
    ['0.02e+2', 2],
    ['-0', 0],
    ['0.0e-999999999999999999999', 0],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991.000', -9007199254740991],
    ['9007199254740992', undefined],
    ['9007199254740993', undefined],
    ['1.00000000000000000000000001', undefined],
    ['1e-400', undefined],
    ['1e400', undefined],
    ['1e99999999999999999999999', undefined],
    [`1${'0'.repeat(5000)}e-5000`, 1],
  ]) {
    assert.equal(integer(lexeme), expected, lexeme.slice(0, 40));
  }
});

test('a score is checked by its exact value', () => {
  const inside = ['0', '-0.0', '1', '1.000', '10e-1', '0.5', '1e-999', '0.99999999999999999999'];
  const outside = ['1.00000000000000000001', '-1e-999', '2', '10', '1e400', '-0.1'];
  for (const lexeme of inside) assert.ok(isBetween0And1(lexeme), lexeme);
  for (const lexeme of outside) assert.ok(!isBetween0And1(lexeme), lexeme);
  assert.deepEqual(decimal('-12.3400e1'), { negative: true, digits: '1234', point: 3 });
});

test('only white space outside strings is removed', () => {
  assert.equal(
    withoutSpace('{ "a b\\" c" :\t[ 1.0 , 1e5 ,\r\n"\\u0020 \\/" ] , "a b\\" c" : { } }'),
    '{"a b\\" c":[1.0,1e5,"\\u0020 \\/"],"a b\\" c":{}}',
  );
});
