/** The words of names, and the keys by which names are found in texts. */

import { fold } from '../fold.mjs';
import { LETTER, WORD_CHARACTER } from '../letters.mjs';

const MIN_WORDS = 2;
/** The maximum number of words of a name that is searched for. */
const MAX_WORDS = 8;
/** The maximum number of words of a text that are compared with a name. */
const MAX_CANDIDATE_WORDS = 10;
/** The maximum number of words of a candidate with middle names. */
const MAX_WORDS_WITH_MIDDLE = 6;
const MIN_HANDLE = 7;

/**
 * A word of a folded text, without apostrophes and possessive; the offsets include them.
 *
 * @typedef {{text: string, start: number, end: number}} Word
 */

const LETTER_IN_WORD = `(?!${WORD_CHARACTER})${LETTER}`;
const WORD = new RegExp(
  `${WORD_CHARACTER}|${LETTER_IN_WORD}(?:(?:'|${LETTER_IN_WORD})*${LETTER_IN_WORD})?`,
  'gu',
);

/**
 * @param {string} folded
 * @returns {Word[]}
 */
export function words(folded) {
  return Array.from(folded.matchAll(WORD), ({ 0: whole, index }) => ({
    text: whole.replace(/'s$/, '').replaceAll("'", ''),
    start: index,
    end: index + whole.length,
  }));
}

/**
 * The keys by which a name is found; the same key may be there more than once.
 *
 * @param {string} name
 * @returns {string[]}
 */
export function nameKeys(name) {
  return forms(fold(name))
    .flatMap((form) => [form, form.filter((word, at) => !isInner(form, at) || !isInitial(word))])
    .filter((form) => form.length >= MIN_WORDS && form.length <= MAX_WORDS)
    .flatMap((form) => [
      form.join(''),
      ...form.slice(1).flatMap((_, at) => {
        const [first, last] = [form.slice(0, at + 1).join(''), form.slice(at + 1).join('')];
        return [`${last},${first}`, last + first];
      }),
    ]);
}

/** The words of a name, with and without those in the first quotes or parentheses. */
function forms(folded) {
  const all = words(folded);
  const texts = all.map(({ text }) => text);
  const open = folded.search(/["(]/);
  const close = folded.indexOf(folded[open] === '(' ? ')' : '"', open + 1);
  const first = all.filter(({ start }) => start < open).length;
  const last = all.filter(({ start }) => start < close).length;
  if (open !== -1 && first > 0 && first < last && last < all.length) {
    return [texts, [...texts.slice(0, first), ...texts.slice(last)], texts.slice(first)];
  }
  return [texts];
}

const isInner = (list, at) => at > 0 && at < list.length - 1;
const isInitial = (text) => /^[a-z]$/.test(text);

/**
 * The candidates for names in a folded text: for each word, the keys of those that begin there, the
 * longest first.
 *
 * @param {string} folded
 * @param {Uint8Array} capitals which code units came from a capital
 * @returns {Generator<Generator<string>>}
 */
export function* candidates(folded, capitals) {
  const all = words(folded);
  for (let at = 0; at < all.length; at += 1) yield keysAt(folded, capitals, all, at);
}

function* keysAt(folded, capitals, all, at) {
  const joins = joinsFrom(folded, all, at);
  yield* wholeKeys(folded, all, at, joins);
  const { text, start } = all[at];
  if ([...text].length >= MIN_HANDLE && BEFORE_HANDLE.test(folded.slice(Math.max(0, start - 2), start))) {
    yield text;
  }
  yield* keysWithoutMiddle(capitals, all, at, joins);
}

/** The end of a text behind which a handle begins; an `@` may also be that of an address. */
const BEFORE_HANDLE = /(?:[#$/]|(?<![a-z0-9._+-])@)$/;

/** Words of prose and of last names. */
const NO_MIDDLE_NAMES = new Set(
  (
    'and or with for the of in on at by to from a an is as y e o u con para por en de del la el los las van von der ' +
    'den da di do dos das du le st saint san santa bin ibn al ter ten mac mc'
  ).split(' '),
);

/** The keys of the candidates without one or two middle names, the longest candidate first. */
function* keysWithoutMiddle(capitals, all, at, joins) {
  const apart = joins.indexOf('comma');
  const joined = Math.min(apart === -1 ? joins.length : apart, MAX_WORDS_WITH_MIDDLE - 1) + 1;
  const candidate = all.slice(at, at + joined);
  const isMiddle = (index) => {
    const { text, start, end } = candidate[index];
    const second = start + (isPair(text) ? 2 : 1);
    return capitals[start] === 1 && second < end && capitals[second] === 0 && !NO_MIDDLE_NAMES.has(text);
  };
  if (joined < 3 || capitals[candidate[0].start] === 0 || !isMiddle(1)) return;
  const texts = candidate.map(({ text }) => text);
  for (let count = joined; count >= 3; count -= 1) {
    if (capitals[candidate[count - 1].start] === 0) continue;
    yield texts[0] + texts.slice(2, count).join('');
    if (count > 3 && isMiddle(2)) yield texts[0] + texts.slice(3, count).join('');
  }
}

/** Whether a text begins with a character of two code units. */
const isPair = (text) => text.codePointAt(0) > 0xffff;

function* wholeKeys(folded, all, at, joins) {
  for (let count = joins.length + 1; count >= MIN_WORDS; count -= 1) {
    const candidate = all.slice(at, at + count);
    yield key(candidate, joins, () => true);
    const isDropped = (index) => {
      const { text, end } = candidate[index];
      const isInnerInitial = isInner(candidate, index) && isInitial(text);
      return isInnerInitial && (folded[end] === '.' || !/[aeiouy]/.test(text));
    };
    const keeps = (index) => !isDropped(index);
    if (!candidate.every((_, index) => keeps(index))) yield key(candidate, joins, keeps);
  }
}

function key(candidate, joins, keeps) {
  return candidate
    .map(({ text }, at) => (joins[at - 1] === 'comma' ? ',' : '') + (keeps(at) ? text : ''))
    .join('');
}

/** How words are joined from one word on, as far as they can be a name. */
function joinsFrom(folded, all, at) {
  const joins = [];
  while (joins.length < MAX_CANDIDATE_WORDS - 1 && at + 1 < all.length) {
    const join = joinOf(folded, all[at], all[at + 1]);
    if (join === undefined || (join === 'comma' && joins.includes('comma'))) break;
    joins.push(join);
    at += 1;
  }
  return joins;
}

/** @returns {'joined' | 'comma' | undefined} what is between two words of one name */
function joinOf(folded, before, after) {
  const gap = folded.slice(before.end, after.start);
  // Only characters that are words have nothing between them.
  if (gap === '' || gap === '.' || gap === '/' || /^[ \-_*+~"'()|]{1,8}$/.test(gap)) return 'joined';
  if (/^\.[ \-_*+~"'()|]{1,8}$/.test(gap) && /^(?:[a-z]|ste?)$/.test(before.text)) return 'joined';
  const marks = isInitial(before.text) ? gap.replace(/^\./, '') : gap;
  return /^[ \-_*+~"'()|,]{1,8}$/.test(marks) && marks.split(',').length === 2 ? 'comma' : undefined;
}
