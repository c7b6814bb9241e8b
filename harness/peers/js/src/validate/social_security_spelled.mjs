/** Social security numbers in words, or with letters in place of digits. */

import { LETTER } from '../letters.mjs';
import { characters, cuesNear } from './social_security_cues.mjs';
import { isLabelled, overlaps } from './social_security_named.mjs';

/** @typedef {import('./social_security.mjs').Place} Place */

const DIGITS = 9;
const MAX_GAP = 8;
const MAX_STAND_INS = 4;

/** A pattern of the letters that look like digits; two are of other scripts. */
export const STAND_IN = '[oqilzsbg\\u03bf\\u043e]';

const WORD = new RegExp(`(?:[0-9]|${LETTER})+`, 'gu');
const STAND_INS = new RegExp(STAND_IN, 'gu');
const WRITTEN = new RegExp(`^(?:[0-9]|${STAND_IN})+$`, 'u');

const ONES = new Set(
  'one two three four five six seven eight nine uno dos tres cuatro cinco seis siete ocho nueve'.split(' '),
);
const LINKS = new Set('dash hyphen guion and hundred thousand y mil'.split(' '));
const SIGNS = new Set('dash hyphen guion'.split(' '));
const TENS = new Set(
  (
    'twenty thirty forty fifty sixty seventy eighty ninety veinte treinta cuarenta cincuenta sesenta setenta ochenta ' +
    'noventa'
  ).split(' '),
);

/** Other words by the number of their digits. */
const SPOKEN = new Map([
  ...[
    'zero oh o double cero doble ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ' +
      'ochocientos novecientos',
    'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen triple diez once doce trece ' +
      'catorce quince dieciseis diecisiete dieciocho diecinueve veintiuno veintidos veintitres veinticuatro ' +
      'veinticinco veintiseis veintisiete veintiocho veintinueve',
  ].flatMap((words, at) => words.split(' ').map((word) => [word, at + 1])),
  ...[...ONES].map((word) => [word, 1]),
  ...[...TENS].map((word) => [word, 2]),
]);

/**
 * @param {string} folded
 * @param {import('./social_security_cues.mjs').Cue[]} cues
 * @param {Uint8Array} taken which code units are taken out
 * @returns {Generator<Place>}
 */
export function* spelledPlaces(folded, cues, taken) {
  const words = readWords(folded, taken);
  for (let first = 0; first < words.length; first += 1) {
    const count = spokenCount(words, first) || disguisedCount(folded, words, first);
    if (count === 0) continue;
    const { start } = words[first];
    const { end } = words[first + count - 1];
    if (folded[start - 1] === '+' || (count === 1 && isLabelled(folded, start))) continue;
    if (cuesNear(cues, folded, start, end).length === 0) continue;
    yield { start, end };
    first += count - 1;
  }
}

/**
 * The words with what they are in a number: how many digits they have, how many of these are
 * letters, whether they make it a spelled one, and whether they are linked with the word before.
 */
function readWords(folded, taken) {
  const words = [];
  for (const { 0: text, index: start } of folded.matchAll(WORD)) {
    const before = words.at(-1);
    const end = start + text.length;
    const gap = { start: before?.end ?? 0, end: start };
    const isLinked =
      before !== undefined &&
      characters(folded.slice(gap.start, gap.end)) <= MAX_GAP &&
      !overlaps(taken, gap);
    const word = { text, start, end, isLinked, ...kindOf(text) };
    if (overlaps(taken, word)) word.kind = 'other';
    else if (isLinked && ONES.has(text) && isBehindTens(words)) Object.assign(word, { kind: 'ones', digits: 0 });
    words.push(word);
  }
  return words;
}

function kindOf(text) {
  if (SPOKEN.has(text)) return { kind: TENS.has(text) ? 'tens' : 'spoken', digits: SPOKEN.get(text), standIns: 0 };
  if (LINKS.has(text)) return { kind: SIGNS.has(text) ? 'sign' : 'link', digits: 0, standIns: 0 };
  if (!WRITTEN.test(text)) return { kind: 'other', digits: 0, standIns: 0 };
  const standIns = text.match(STAND_INS)?.length ?? 0;
  if (standIns === text.length) return { kind: 'letters', digits: 0, standIns };
  return { kind: 'written', digits: text.length, standIns };
}

/** Whether the last word is one of the tens, or `y` behind one. */
function isBehindTens(words) {
  const last = words.at(-1);
  const isLink = last.kind === 'link' && last.text === 'y' && last.isLinked;
  return (isLink ? words.at(-2) : last).kind === 'tens';
}

/** How many words from one on have nine digits in all, some of them spelled; or 0. */
function spokenCount(words, first) {
  if (words[first].kind === 'other' || words[first].digits === 0) return 0;
  let digits = 0;
  let standIns = 0;
  let isSpelled = false;
  for (let at = first; at < words.length; at += 1) {
    const word = words[at];
    if ((at > first && !word.isLinked) || word.kind === 'other' || word.kind === 'letters') return 0;
    digits += word.digits;
    standIns += word.standIns;
    isSpelled ||= word.standIns > 0 || ['spoken', 'tens', 'sign'].includes(word.kind);
    if (digits < DIGITS) continue;
    if (digits > DIGITS || !isSpelled || standIns > MAX_STAND_INS) return 0;
    const next = words.slice(at + 1, at + 3).map(({ kind }) => kind);
    if (next[0] === 'ones') return at + 2 - first;
    return at + (next[0] === 'link' && next[1] === 'ones' ? 3 : 1) - first;
  }
  return 0;
}

/** 3 when the words from one on are groups of a number with letters in place of digits; or 0. */
function disguisedCount(folded, words, first) {
  const groups = words.slice(first, first + 3);
  const areGroups =
    groups.length === 3 &&
    groups.every(
      ({ kind, text }, at) => (kind === 'written' || kind === 'letters') && text.length === [3, 2, 4][at],
    );
  if (!areGroups || !groups[1].isLinked || !groups[2].isLinked) return 0;
  const [one, other] = [0, 1].map((at) => folded.slice(groups[at].end, groups[at + 1].start));
  const standIns = groups.reduce((sum, group) => sum + group.standIns, 0);
  return one === other && standIns > 0 && standIns <= MAX_STAND_INS ? 3 : 0;
}
