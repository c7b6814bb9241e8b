/** Detection of likely social security numbers. */

import { folded as lowered } from '../text.mjs';

/**
 * @param {string} text
 * @returns {boolean}
 */
export function hasSocialSecurityNumber(text) {
  if (!/[0-9\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19\ud835]/.test(text)) return false;
  const plain = fold(text);
  return GROUPED.some((grouped) => grouped.test(plain)) || PRINTED.test(plain) || isNamed(plain);
}

/**
 * Three, two and four digits around the same separator, not as part of a longer grouped number.
 * One pattern per separator, because a lookbehind cannot refer to the separator that follows.
 */
const GROUPED = ['-', '\\.', ' '].map(
  (separator) =>
    new RegExp(
      `(?<![0-9]|[0-9]${separator})` +
        `[0-9]{3}${separator}[0-9]{2}${separator}[0-9]{4}` +
        `(?![0-9]|${separator}[0-9])`,
    ),
);

const PRINTED = /(?<![0-9])(?:078051120|219099999|457555462|123456789)(?![0-9])/;

const NAMED_BEFORE = 40;
const NAMED_BEHIND = 20;

/** Nine digits near a word that marks them as suspect. */
function isNamed(plain) {
  const text = lowered(plain);
  const word =
    /(?<![a-z])(?:ssn(?![a-z])|ss#|ss no(?![a-z])|social sec|soc sec|tax id|taxpayer id)/y;
  const beginsAt = (at) => {
    word.lastIndex = at;
    return word.test(text);
  };
  for (const { index } of text.matchAll(/(?<![0-9+])[0-9]{9}(?![0-9])/g)) {
    for (let at = Math.max(0, index - NAMED_BEFORE); at < index; at += 1) {
      if (beginsAt(at)) return true;
    }
    const behind = index + 9;
    for (let at = behind; at < behind + NAMED_BEHIND; at += 1) {
      if (beginsAt(at)) return true;
    }
  }
  return false;
}

/** The zeros of the runs of ten digits. */
const ZEROS = [0xff10, 0x0660, 0x06f0, 0x0966, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6];

const FOLDED = new Map([
  ...ZEROS.flatMap((zero) =>
    Array.from({ length: 10 }, (_, digit) => [String.fromCodePoint(zero + digit), String(digit)]),
  ),
  ...[...'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d'].map((dash) => [dash, '-']),
  ...[...'\u2024\uff0e'].map((point) => [point, '.']),
  ...[...'\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'].map(
    (space) => [space, ' '],
  ),
  ...[...'\u202f\u205f\u3000'].map((space) => [space, ' ']),
  ...[...'\u00ad\u200b\u200c\u200d\u2060\ufeff'].map((dropped) => [dropped, '']),
]);

/** Characters to fold; other characters beyond U+FFFF are replaced by one code unit. */
const UNUSUAL = /[\t\u00a0-\uffff]|[\u{10000}-\u{10ffff}]/gu;

/** The folded text; each character in it is one code unit, so indices count characters. */
function fold(text) {
  return text.replace(
    UNUSUAL,
    (character) => FOLDED.get(character) ?? (character.length === 1 ? character : '\ufffd'),
  );
}
