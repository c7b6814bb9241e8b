/** Data of workers whom a message is not for. */

import { folded } from '../text.mjs';
import { MAX_NAME_WORDS, MIN_NAME_WORDS, nameKey, words } from './names.mjs';

/** @typedef {import('./roster.mjs').Roster} Roster */
/** @typedef {import('./roster.mjs').Worker} Worker */

/**
 * The data of other workers in a text, at most one of each kind, in the contract's order.
 *
 * @param {string} text
 * @param {Roster} roster
 * @param {Worker} recipient
 * @returns {Generator<{what: string, worker: Worker}>}
 */
export function* othersData(text, roster, recipient) {
  for (const { what, kind, keys } of KINDS) {
    for (const key of keys(text, roster)) {
      const worker = roster.givenAway(kind, key, recipient);
      if (worker === undefined) continue;
      yield { what, worker };
      break;
    }
  }
}

/** For each kind, the keys in a text, ordered by their start. */
const KINDS = [
  { what: 'email address', kind: 'email', keys: emailKeys },
  { what: 'phone number', kind: 'phone', keys: phoneKeys },
  { what: 'id', kind: 'id', keys: idKeys },
  { what: 'name', kind: 'name', keys: nameKeys },
];

function* emailKeys(text) {
  for (const [run] of text.matchAll(/[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]+/g)) {
    let begin = 0;
    let end = run.length;
    while (end > begin && ".'!?".includes(run[end - 1])) end -= 1;
    while (begin < end && ".'!?".includes(run[begin])) begin += 1;
    yield folded(run.slice(begin, end));
  }
}

/**
 * The pattern omits the optional `(` before the first digits: the matches and their order are
 * the same without it.
 */
function* phoneKeys(text) {
  const pattern = /(?<![02-9]|[0-9]1)([0-9]{3})\)?[ .-]?([0-9]{3})[ .-]?([0-9]{4})(?![0-9])/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    yield match.slice(1).join('');
    // Matches may overlap: another one begins at the `567` of `555-123-1567-890-1234`.
    pattern.lastIndex = match.index + 1;
  }
}

function* idKeys(text) {
  for (const [run] of text.matchAll(/[A-Za-z0-9_-]+/g)) yield folded(run);
}

/** The longest name of a worker at each word. */
function* nameKeys(text, roster) {
  const all = words(text);
  for (let at = 0; at + MIN_NAME_WORDS <= all.length; at += 1) {
    for (let count = MAX_NAME_WORDS; count >= MIN_NAME_WORDS; count -= 1) {
      const key = nameKey(all.slice(at, at + count));
      if (at + count <= all.length && roster.hasName(key)) {
        yield key;
        break;
      }
    }
  }
}
