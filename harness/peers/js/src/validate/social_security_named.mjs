/** Social security numbers that a word near them announces. */

import { endsWithLetter } from '../letters.mjs';

/** @typedef {import('./social_security.mjs').Place} Place */

/**
 * @param {string} folded
 * @returns {Generator<Place>}
 */
export function* namedPlaces(folded) {
  const cues = findCues(folded);
  if (cues.length === 0) return;
  const taken = takenOut(folded);
  const runs = places(folded.matchAll(/[0-9]+/g)).filter((run) => !overlaps(taken, run));
  for (let at = 0; at < runs.length; at += 1) {
    const nine = nineDigits(folded, runs, at, taken);
    if (nine === undefined || isOther(folded, nine)) continue;
    const { start } = nine[0];
    const { end } = nine[nine.length - 1];
    if (!cuesNear(cues, folded, start, end).some((cue) => announces(folded, cue, nine))) continue;
    if (nine.length > 1) yield { start, end };
    else for (let from = start; from < end; from += 9) yield { start: from, end: from + 9 };
  }
}

function places(matches) {
  return Array.from(matches, ({ 0: whole, index }) => ({ start: index, end: index + whole.length }));
}

/** @param {Uint8Array} taken which code units are taken */
function overlaps(taken, { start, end }) {
  return taken.subarray(start, end).includes(1);
}

const lengthOf = ({ start, end }) => end - start;
const characters = (text) => [...text].length;

const MAX_GAP = 8;

/** The runs from one on that are nine digits, or one of two or three numbers glued together. */
function nineDigits(folded, runs, at, taken) {
  let digits = lengthOf(runs[at]);
  if (digits === 18 || digits === 27) return [runs[at]];
  let next = at + 1;
  for (; digits < 9 && next < runs.length; next += 1) {
    const gap = { start: runs[next - 1].end, end: runs[next].start };
    const between = folded.slice(gap.start, gap.end);
    if (characters(between) > MAX_GAP || /[a-z]/.test(between) || overlaps(taken, gap)) return undefined;
    digits += lengthOf(runs[next]);
  }
  return digits === 9 ? runs.slice(at, next) : undefined;
}

const LABEL =
  /(?:order|invoice|ticket|tracking|shipment|confirmation|po|job|badge|routing)[^a-z0-9]{0,3}(?:(?:no|num|number|nr|id)[^a-z0-9]{0,3})?$/u;

/** Whether the digits are known to be something else. */
function isOther(folded, runs) {
  const before = folded.slice(Math.max(0, runs[0].start - 64), runs[0].start);
  if (before.endsWith('+')) return true;
  if (runs.length === 1) {
    for (let from = 0; from < before.length; from += 1) {
      const match = LABEL.exec(before.slice(from));
      if (match === null) return false;
      from += match.index;
      if (!endsWithLetter(before.slice(0, from))) return true;
    }
    return false;
  }
  if (runs.length < 3 || lengthOf(runs[0]) !== 3 || lengthOf(runs[1]) !== 4) return false;
  const [first, second] = [0, 1].map((at) => folded.slice(runs[at].end, runs[at + 1].start));
  return first !== second;
}

/** A cue of a tax number does not announce the number of an employer, as in `21-9099998`. */
function announces(folded, cue, runs) {
  const isEmployers =
    runs.length === 2 && lengthOf(runs[0]) === 2 && folded.slice(runs[0].end, runs[1].start) === '-';
  return !cue.isTaxNumbers || !isEmployers;
}

const BEFORE = 40;
const AFTER = 20;

/** The cues that begin near a number; a character has at most two code units. */
function cuesNear(cues, folded, start, end) {
  const near = [];
  for (let index = firstFrom(cues, start - 2 * BEFORE); index < cues.length; index += 1) {
    const { at } = cues[index];
    if (at >= end + 2 * AFTER) break;
    const isBefore = at < start && characters(folded.slice(at, start)) <= BEFORE;
    if (isBefore || (at >= end && characters(folded.slice(end, at)) < AFTER)) near.push(cues[index]);
  }
  return near;
}

/** The index of the first cue that does not begin before a place. */
function firstFrom(cues, place) {
  let [low, high] = [0, cues.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle].at < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

const CUES = [
  'ssns?!',
  's_{1,3}s_{1,3}n!',
  'ss_{0,3}#',
  'ss_{0,3}(?:no|nr|num|nbr|number|card)!',
  'ss_{0,3}[0-9]',
  's_{1,3}s_{0,3}(?:#|(?:no|nr|num|nbr|number|card)!)',
  'social_{0,3}sec',
  'socials?!(?!_{1,3}(?:club|distancing|event|hour|media|network|service|skill|work))',
  'soc_{0,3}(?:sec|#)',
  'soc_{1,3}(?:(?:no|num|number)!|[0-9])',
  'ssan!',
  'ss_{1,3}(?:is|es)!',
  'itin!',
  'i_{1,3}t_{1,3}i_{1,3}n!',
  'nss!',
  'n_{1,3}s_{1,3}s!',
  'seguro!',
];

const TAX_CUES = [
  'tax_{0,3}(?:payer_{0,3})?id',
  'tax_{0,3}(?:payer_{0,3})?(?:no|num|number)!',
  'tin!',
  't_{1,3}i_{1,3}n!',
];

/** In the lists, `_` is a character other than letters and digits, `!` the end of a word. */
function cuePattern(list) {
  const pattern = list.join('|').replaceAll('_', '[^a-z0-9]').replaceAll('(?!', '(?\u0000');
  return new RegExp(
    `(?<![a-z])(?=${pattern.replaceAll('!', '(?![a-z])').replaceAll('\u0000', '!')})`,
    'gu',
  );
}

const CUE = cuePattern(CUES);
const TAX_CUE = cuePattern(TAX_CUES);

/** In the order of their places. */
function findCues(folded) {
  return [
    ...Array.from(folded.matchAll(CUE), ({ index }) => ({ at: index, isTaxNumbers: false })),
    ...Array.from(folded.matchAll(TAX_CUE), ({ index }) => ({ at: index, isTaxNumbers: true })),
  ].sort((one, other) => one.at - other.at);
}

/** Other numbers, in the order in which they are taken out of consideration. */
const OTHERS = [
  { pattern: /[$€£] ?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?/g, fits: ({ after }) => !isDigit(after) },
  {
    pattern: /\+[0-9]{1,3}(?:[ ./()-]{0,3}[0-9]+){1,6}/g,
    fits({ whole }) {
      const digits = whole.replace(/[^0-9]/g, '').length;
      return digits >= 8 && digits <= 15;
    },
  },
  { pattern: /[0-9]{3}[ ./()-]{0,3}[0-9]{3}[ ./()-]{0,3}[0-9]{4}/g, fits: standsAlone },
  {
    pattern: /[0-9]{1,8}(?:[ ./()-]{1,3}[0-9]{1,8})+/g,
    fits(match) {
      const digits = match.whole.replace(/[^0-9]/g, '');
      return standsAlone(match) && (digits.length === 10 || (digits.length === 11 && digits.startsWith('1')));
    },
  },
  {
    pattern: /(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}/g,
    fits: (match) => standsAlone(match) && isMonthAndDay(numbers(match.whole).slice(1)),
  },
  {
    pattern: /[0-9]{1,2}[./-][0-9]{1,2}[./-](?:(?:19|20)[0-9]{2}|[0-9]{2})/g,
    fits: (match) => standsAlone(match) && isMonthAndDay(numbers(match.whole).slice(0, 2)),
  },
  {
    pattern: /[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?/g,
    fits({ whole, before, after }) {
      const [hours, ...others] = numbers(whole);
      return !/[0-9:]/.test(before.slice(-1)) && !/^[0-9:]/.test(after) && hours <= 24 && others.every((n) => n <= 59);
    },
  },
  { pattern: /[a-z]{2} +[0-9]{5}-[0-9]{4}/g, fits: isZipCode },
];

/** The parts of a text that are other numbers, as a mark for each code unit. */
function takenOut(folded) {
  const taken = new Uint8Array(folded.length);
  for (const { pattern, fits } of OTHERS) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(folded); match !== null; match = pattern.exec(folded)) {
      const place = { start: match.index, end: pattern.lastIndex };
      const isFree =
        !overlaps(taken, place) &&
        fits({ whole: match[0], before: folded.slice(0, place.start), after: folded.slice(place.end) });
      if (isFree) taken.fill(1, place.start, place.end);
      else pattern.lastIndex = place.start + 1;
    }
  }
  return taken;
}

const isDigit = (text) => /^[0-9]/.test(text);

function standsAlone({ before, after }) {
  return !isDigit(before.slice(-1)) && !isDigit(after);
}

function numbers(text) {
  return text.split(/[^0-9]/).map(Number);
}

function isMonthAndDay([one, other]) {
  return Math.min(one, other) >= 1 && Math.min(one, other) <= 12 && Math.max(one, other) <= 31;
}

const STATES = new Set(
  (
    'al ak az ar ca co ct dc de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok ' +
    'or pa pr ri sc sd tn tx ut vt va wa wv wi wy'
  ).split(' '),
);
const STATES_THAT_ARE_WORDS = new Set(['hi', 'id', 'in', 'me', 'ok', 'or']);

function isZipCode({ whole, before, after }) {
  if (endsWithLetter(before) || isDigit(after)) return false;
  const state = whole.slice(0, 2);
  return STATES_THAT_ARE_WORDS.has(state) ? /, *$/.test(before.slice(-64)) : STATES.has(state);
}
