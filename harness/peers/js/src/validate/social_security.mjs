/** Detection of likely social security numbers. */

import { findCues } from './social_security_cues.mjs';
import { namedPlaces, takenOut } from './social_security_named.mjs';
import { spelledPlaces } from './social_security_spelled.mjs';
import { foldedReadings } from './readings.mjs';

/**
 * A part of a folded text, from its first digit or letter to the one behind its last.
 *
 * @typedef {{start: number, end: number}} Place
 */

/**
 * @param {string} text
 * @returns {boolean}
 */
export function hasSocialSecurityNumber(text) {
  return foldedReadings(text).some((folded) => socialSecurityPlaces(folded).length > 0);
}

/**
 * The likely numbers in a folded text; they may overlap.
 *
 * @param {string} folded
 * @returns {Place[]}
 */
export function socialSecurityPlaces(folded) {
  const places = [...groupedPlaces(folded), ...printedPlaces(folded)];
  const cues = findCues(folded);
  if (cues.length === 0) return places;
  const taken = takenOut(folded);
  return [...places, ...namedPlaces(folded, cues, taken), ...spelledPlaces(folded, cues, taken)];
}

/** Numbers that are printed as examples. */
function printedPlaces(folded) {
  return Array.from(
    folded.matchAll(/(?<![0-9])(?:078051120|219099999|457555462|123456789)(?![0-9])/g),
    ({ index }) => ({ start: index, end: index + 9 }),
  );
}

/** Numbers in groups of three, two and four digits; several may be glued together. */
function* groupedPlaces(folded) {
  for (const { index } of folded.matchAll(/(?<![0-9])[0-9]{3}(?![0-9])/g)) {
    if (isBehindCountryCode(folded.slice(0, index))) continue;
    yield* gluedPlaces(folded, index);
  }
}

/** The number that begins at `start` and those that follow it directly; none when a digit follows. */
function gluedPlaces(folded, start) {
  const places = [];
  for (;;) {
    const end = groupedEnd(folded, start);
    if (end === undefined) return [];
    places.push({ start, end });
    if (!/[0-9]/.test(folded[end] ?? '')) return places;
    start = end;
  }
}

const GROUPED = /([0-9]{3})([^0-9]+)([0-9]{2})([^0-9]+)([0-9]{4})/y;

/** Where the number that begins at `start` ends, whatever follows. */
function groupedEnd(folded, start) {
  GROUPED.lastIndex = start;
  const match = GROUPED.exec(folded);
  if (match === null || !gapsFit(match[2], match[4])) return undefined;
  return start + match[0].length;
}

const LOOSE = /^[\u0000-\u001f\u007f-\u009f \-_./\\|*~()\u00b7\u2022\u2027\u2219\u22c5\u30fb]{1,6}$/;

function gapsFit(one, other) {
  if (LOOSE.test(one) && LOOSE.test(other) && one.includes('/') === other.includes('/')) return true;
  return one === other && /^[^a-z]$/u.test(one);
}

const BEFORE_NUMBER = /(?:\+|(?<![0-9])00)([0-9]{1,3})([^0-9]+)$/;

/** Whether a `+`, or the country code of a phone number, ends the text. */
function isBehindCountryCode(before) {
  if (before.endsWith('+')) return true;
  const match = BEFORE_NUMBER.exec(before.slice(-16));
  return match !== null && match[1] !== '1' && LOOSE.test(match[2]);
}
