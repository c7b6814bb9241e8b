/** Data of workers whom a message is not for. */

import { callNumber, mailbox } from './address.mjs';
import { capitals, fold } from '../fold.mjs';
import { candidates } from './names.mjs';
import { readings } from './readings.mjs';

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
  const folded = readings(text).map((reading) => ({ folded: fold(reading), capitals: capitals(reading) }));
  for (const { what, finds } of KINDS) {
    const worker = firstOther(folded, finds, roster, recipient);
    if (worker !== undefined) yield { what, worker };
  }
}

function firstOther(readings, finds, roster, recipient) {
  for (const reading of readings) {
    for (const sharers of finds(reading, roster)) {
      if (!sharers.includes(recipient)) return sharers[0];
    }
  }
  return undefined;
}

/** For each kind, the workers who have the data of a folded reading, ordered by their place. */
const KINDS = [
  { what: 'email address', finds: emailFinds },
  { what: 'phone number', finds: phoneFinds },
  { what: 'id', finds: idFinds },
  { what: 'name', finds: nameFinds },
];

/** Words for the marks of an address, in the order in which they are replaced. */
const SPELLED_OUT = [
  [/ *[([{<] *(?:at|arroba|a) *[)\]}>] */g, '@'],
  [/ +(?:at|arroba) +/g, '@'],
  [/ *[([{<] *(?:dot|punto) *[)\]}>] */g, '.'],
  [/ +(?:dot|punto) +/g, '.'],
  [/ *@ */g, '@'],
  [/ +\. *|\. +/g, '.'],
];

function* emailFinds({ folded }, roster) {
  // The number of spaces does not matter, and the patterns would read a run of them again from each.
  const spaced = folded.replace(/ {2,}/g, ' ');
  const spelledOut = SPELLED_OUT.reduce((text, [words, mark]) => text.replace(words, mark), spaced);
  for (const text of [folded, spelledOut]) {
    for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
      const sharers = addressAt(text, at, roster);
      if (sharers !== undefined) yield sharers;
    }
  }
}

/** The workers with the first address of the roster around an `@`. */
function addressAt(text, at, roster) {
  const local = /[a-z0-9.!#$%&'*+/=?^_`{|}~-]*$/.exec(text.slice(Math.max(0, at - 64), at))[0];
  const domain = /^[a-z0-9.-]*/.exec(text.slice(at + 1, at + 256))[0];
  // Few places end a domain of the roster, so the beginnings are tried with few ends.
  const ends = [];
  for (let to = at + 1 + domain.length; to > at + 1; to -= 1) {
    if (/^-?[a-z0-9]/.test(text.slice(to, to + 2))) continue;
    if (roster.hasDomain(text.slice(at + 1, to))) ends.push(to);
  }
  if (ends.length === 0) return undefined;
  for (let from = at - local.length; from < at; from += 1) {
    if (!/^(?:$|.?[^a-z0-9.\-_+']$|(?:^|[^a-z0-9])[.\-_+']$)/su.test(lastTwo(text, from))) continue;
    for (const to of ends) {
      const sharers = roster.withMailbox(mailbox(text.slice(from, to)));
      if (sharers !== undefined) return sharers;
    }
  }
  return undefined;
}

/** The two code units before a place. */
function lastTwo(text, place) {
  return text.slice(Math.max(0, place - 2), place);
}

const MAX_PHONE_DIGITS = 18;
const MIN_PHONE_DIGITS = 10;
const MAX_GAP = 8;
/** The maximum between two runs around the `(0)` of an international number. */
const MAX_TRUNK_GAP = 12;

function* phoneFinds({ folded }, roster) {
  const runs = phoneRuns(folded);
  for (let at = 0; at < runs.length; at += 1) {
    let digits = runs[at].digits;
    for (let next = at + 1; digits.length <= MAX_PHONE_DIGITS; next += 1) {
      if (digits.length >= MIN_PHONE_DIGITS) {
        const sharers = roster.withNumber(callNumber(digits));
        if (sharers !== undefined) yield sharers;
      }
      if (next === runs.length || !runs[next].isLinked) break;
      digits += runs[next].digits;
    }
  }
}

/** The runs of digits, and whether each may belong to the one before. */
function phoneRuns(folded) {
  const runs = [];
  let maxGap = MAX_GAP;
  let end = 0;
  for (const [at, { 0: digits, index }] of [...folded.matchAll(/[0-9]+/g)].entries()) {
    if (at > 0 && digits === '0' && folded[index - 1] === '(' && folded[index + 1] === ')') {
      maxGap = MAX_TRUNK_GAP;
      continue;
    }
    const gap = folded.slice(end, index);
    runs.push({ digits, isLinked: [...gap].length <= maxGap && !/[a-z]/.test(gap) });
    end = index + digits.length;
    maxGap = MAX_GAP;
  }
  return runs;
}

const MAX_PIECES = 8;

function* idFinds({ folded }, roster) {
  for (const [token] of folded.matchAll(/[a-z0-9_-]+/g)) {
    const pieces = [...token.matchAll(/[^_]+/g)];
    for (let first = 0; first < pieces.length; first += 1) {
      for (let last = Math.min(first + MAX_PIECES, pieces.length) - 1; last >= first; last -= 1) {
        const end = pieces[last].index + pieces[last][0].length;
        const sharers = roster.withFoldedId(withoutHyphens(token.slice(pieces[first].index, end)));
        if (sharers !== undefined) yield sharers;
      }
    }
  }
}

/** A text without the hyphens at both ends. */
function withoutHyphens(text) {
  let end = text.length;
  while (text[end - 1] === '-') end -= 1;
  return text.slice(0, end).replace(/^-+/, '');
}

/** The longest name of a worker at each word. */
function* nameFinds(reading, roster) {
  for (const keys of candidates(reading.folded, reading.capitals)) {
    for (const key of keys) {
      const sharers = roster.withName(key);
      if (sharers === undefined) continue;
      yield sharers;
      break;
    }
  }
}
