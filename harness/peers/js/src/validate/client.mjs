/** The names of clients, and whether an exclusion is meant by another spelling. */

import { fold, sameText } from '../fold.mjs';
import { LETTER } from '../letters.mjs';

/**
 * A client's name, and its words without articles and legal forms.
 *
 * @typedef {{name: string, words: string[], key: string}} Client
 */

const LEGAL_FORMS = [
  'sapi de cv',
  's de rl de cv',
  'sa de cv',
  's de rl',
  'gmbh and co kg',
  ...(
    'inc incorporated llc lc pllc ltd limited corp corporation co cos company companies lp llp lllp ' +
    'plc pc pa gmbh ag kg kgaa ohg ug ev se sa sas sarl srl sl spa bv nv ab as asa oy oyj pty pte and'
  ).split(' '),
]
  .map((form) => form.split(' '))
  .sort((one, other) => other.length - one.length);

const WORD = new RegExp(`(?:[0-9]|${LETTER})+`, 'gu');

/**
 * @param {string} name
 * @returns {Client}
 */
export function readClient(name) {
  const folded = fold(name.replace(/[™℠®©]/g, '')).replace(/['.]/g, '').replaceAll('&', ' and ');
  let words = folded.match(WORD) ?? [];
  while (words.length > 1) {
    const shorter = words[0] === 'the' ? words.slice(1) : withoutLegalForm(words);
    if (shorter === undefined) break;
    words = shorter;
  }
  return { name, words, key: words.join('') };
}

function withoutLegalForm(words) {
  const form = LEGAL_FORMS.find(
    (each) => each.length < words.length && isEqual(words.slice(-each.length), each),
  );
  return form && words.slice(0, -form.length);
}

function isEqual(one, other) {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}

/**
 * @param {Client} one
 * @param {Client} other
 * @returns {boolean}
 */
export function isSameClient(one, other) {
  if (one.words.length === 0 || other.words.length === 0) return sameText(one.name, other.name);
  return one.key === other.key;
}

/**
 * Whether an excluded client is one of its sites, or may be misspelled.
 *
 * @param {Client} excluded
 * @param {Client} asked
 * @returns {boolean}
 */
export function isTakenFor(excluded, asked) {
  const { length } = excluded.words;
  if (length > 0 && isEqual(asked.words.slice(0, length), excluded.words)) return true;
  const [one, other] = [[...excluded.key], [...asked.key]];
  const shorter = Math.min(one.length, other.length);
  if (shorter < 5) return false;
  return edits(one, other) <= (shorter < 10 ? 1 : 2);
}

/**
 * Whether the words of one name stand in a row in the other.
 *
 * @param {Client} one
 * @param {Client} other
 * @returns {boolean}
 */
export function isNearClient(one, other) {
  return isPartOf(one.words, other.words) || isPartOf(other.words, one.words);
}

function isPartOf(words, all) {
  return words.length > 0 && all.some((_, at) => isEqual(all.slice(at, at + words.length), words));
}

/** The edits that lead from one text to another, by optimal string alignment. */
function edits(one, other) {
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = rows[i - 1][j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced);
      const isExchanged = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isExchanged) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[one.length][other.length];
}
