/** Words that announce a social security or tax number. */

/**
 * Where a word begins, and whether it also announces the number of an employer.
 *
 * @typedef {{at: number, isTaxNumbers: boolean}} Cue
 */

const BEFORE = 40;
const AFTER = 20;

/**
 * The cues that begin near a number.
 *
 * @param {Cue[]} cues
 * @param {string} folded
 * @param {number} start
 * @param {number} end
 * @returns {Cue[]}
 */
export function cuesNear(cues, folded, start, end) {
  const near = [];
  // A character has at most two code units.
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

/**
 * @param {string} folded
 * @returns {Cue[]} in the order of their places
 */
export function findCues(folded) {
  return [
    ...Array.from(folded.matchAll(CUE), ({ index }) => ({ at: index, isTaxNumbers: false })),
    ...Array.from(folded.matchAll(TAX_CUE), ({ index }) => ({ at: index, isTaxNumbers: true })),
  ].sort((one, other) => one.at - other.at);
}

/**
 * @param {string} text
 * @returns {number} its characters
 */
export function characters(text) {
  return [...text].length;
}
