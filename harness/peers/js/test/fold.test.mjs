import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Folded, fold, squeezed } from '../src/fold.mjs';

test('characters fold alone', () => {
  for (const [text, expected] of [
    ['José NÚÑEZ', 'jose nunez'],
    ['Jose\u0301 Nu\u0301n\u0303ez', 'jose nunez'],
    ['O’Brien O`Brien OʼBrien', "o'brien o'brien o'brien"],
    ['３１３–555‑０１０１', '313-555-0101'],
    ['٣١٣ ४५६ ᠑𝟐①²❸', '313 456 12123'],
    ['Straße STRAẞE', 'strasse strasse'],
    ['Łukasz Đặng Sørensen Ægir œuvre ıI İ', 'lukasz dang sorensen aegir oeuvre ii i'],
    ['«a» “b” ‹c›', '"a" "b" \'c\''],
    ['a\u00adb\u200bc\ufe0fd\u20e3e\ufeff', 'abcde'],
    ['a\r\n\tb\u3000c\u2028', 'a   b c '],
    ['½ ﬁ ㎏', '1/2 fi kg'],
    ['ΣΑΣ ας', 'σασ ασ'],
    ['а Ж', 'а ж'],
    ['\0\x1b\x7f', '\0\x1b\x7f'],
    ['\u{10d40}\u{1e6e3}', '\u{10d40}\u{1e6e3}'],
    ['😀', '😀'],
  ]) {
    assert.equal(fold(text), expected, text);
    assert.equal(fold(expected), expected, text);
    assert.equal(new Folded(text).text, expected, text);
  }
});

test('runs of spaces are squeezed', () => {
  for (const [text, expected] of [
    [' Ana \u00a0\n RUIZ\t', 'ana ruiz'],
    ['', ''],
    [' ', ''],
    ['a', 'a'],
  ]) {
    assert.equal(squeezed(text), expected, text);
  }
});

test('folded characters know where they came from', () => {
  const folded = new Folded('x ½é\u0301ß!');
  assert.equal(folded.text, 'x 1/2ess!');
  for (const [start, end, expected] of [
    [0, 1, 'x'],
    [2, 3, '½'],
    [3, 6, '½é'],
    [6, 7, 'ß'],
    [5, 7, 'é\u0301ß'],
    [8, 9, '!'],
  ]) {
    assert.equal(folded.originalOf(start, end), expected);
  }
});
