/** Social security numbers that a word near them announces. */

import { endsWithLetter } from '../letters.mjs';
import { characters, cuesNear } from './social_security_cues.mjs';

/** @typedef {import('./social_security.mjs').Place} Place */

/**
 * @param {string} folded
 * @param {import('./social_security_cues.mjs').Cue[]} cues
 * @param {Uint8Array} taken which code units are taken out
 * @returns {Generator<Place>}
 */
export function* namedPlaces(folded, cues, taken) {
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

/**
 * @param {Uint8Array} taken which code units are taken out
 * @param {Place} place
 * @returns {boolean} whether one of the place is
 */
export function overlaps(taken, { start, end }) {
  return taken.subarray(start, end).includes(1);
}

const lengthOf = ({ start, end }) => end - start;

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
  if (folded[runs[0].start - 1] === '+') return true;
  if (runs.length === 1) return isLabelled(folded, runs[0].start);
  if (runs.length < 3 || lengthOf(runs[0]) !== 3 || lengthOf(runs[1]) !== 4) return false;
  const [first, second] = [0, 1].map((at) => folded.slice(runs[at].end, runs[at + 1].start));
  return first !== second;
}

/**
 * @param {string} folded
 * @param {number} start
 * @returns {boolean} whether a word before `start` says what the number there is
 */
export function isLabelled(folded, start) {
  const before = folded.slice(Math.max(0, start - 64), start);
  for (let from = 0; from < before.length; from += 1) {
    const match = LABEL.exec(before.slice(from));
    if (match === null) return false;
    from += match.index;
    if (!endsWithLetter(before.slice(0, from))) return true;
  }
  return false;
}

/** A cue of a tax number does not announce the number of an employer, as in `21-9099998`. */
function announces(folded, cue, runs) {
  const isEmployers =
    runs.length === 2 && lengthOf(runs[0]) === 2 && folded.slice(runs[0].end, runs[1].start) === '-';
  return !cue.isTaxNumbers || !isEmployers;
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
  // No pattern would stop at the eleventh digit: it would read all groups again from each.
  { finds: phonesInGroups },
  {
    pattern: /(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}/g,
    fits: (match) => isDate(match, numbers(match.whole).slice(1)),
  },
  {
    pattern: /[0-9]{1,2}[./-][0-9]{1,2}[./-](?:(?:19|20)[0-9]{2}|[0-9]{2})/g,
    fits: (match) => isDate(match, numbers(match.whole).slice(0, 2)),
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

/**
 * @param {string} folded
 * @returns {Uint8Array} a mark for each code unit of other numbers
 */
export function takenOut(folded) {
  const taken = new Uint8Array(folded.length);
  for (const { pattern, fits, finds } of OTHERS) {
    for (const place of finds?.(folded) ?? []) {
      if (!overlaps(taken, place)) taken.fill(1, place.start, place.end);
    }
    if (pattern === undefined) continue;
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

/** Phone numbers in groups of any sizes, each from a run of digits to the last one linked with it. */
function* phonesInGroups(folded) {
  const runs = places(folded.matchAll(/[0-9]+/g));
  for (let first = 0; first < runs.length; first += 1) {
    let digits = lengthOf(runs[first]);
    let last = first;
    while (lengthOf(runs[last]) <= 8 && digits <= 11 && isLinked(folded, runs[last], runs[last + 1])) {
      last += 1;
      digits += lengthOf(runs[last]);
    }
    const isNumber = digits === 10 || (digits === 11 && folded[runs[first].start] === '1');
    if (last > first && isNumber && lengthOf(runs[last]) <= 8) {
      yield { start: runs[first].start, end: runs[last].end };
    }
  }
}

function isLinked(folded, { end }, next) {
  return next !== undefined && /^[ ./()-]{1,3}$/.test(folded.slice(end, next.start));
}

const isDigit = (text) => /^[0-9]/.test(text);

function standsAlone({ before, after }) {
  return !isDigit(before.slice(-1)) && !isDigit(after);
}

function numbers(text) {
  return text.split(/[^0-9]/).map(Number);
}

/** Whether two of the numbers of a match are a month and a day. */
function isDate(match, [one, other]) {
  if (!standsAlone(match) || endsWithLetter(match.before)) return false;
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
