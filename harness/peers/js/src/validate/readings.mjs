/** What a text is searched in: as written, decoded, and without tags. */

import { fold } from '../fold.mjs';
import { decodeUtf8 } from '../text.mjs';

/** How often what was decoded is decoded again, the first time included. */
const MAX_PASSES = 4;

/**
 * @param {string} text
 * @returns {string[]} the text as written, what each pass of decoding changed, and these without
 *   tags where they have some
 */
export function readings(text) {
  const tagged = taggedReadings(text);
  const last = tagged.length > 1 ? tagged.slice(1) : tagged;
  const bare = last.flatMap((reading) => {
    const without = withoutTags(reading);
    return without === reading ? [] : [without];
  });
  return [...tagged, ...bare];
}

/**
 * @param {string} text
 * @returns {string[]} the text as written and what each pass of decoding changed
 */
export function taggedReadings(text) {
  const found = [text];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const decoded = decode(found[pass]);
    if (decoded === found[pass]) break;
    found.push(decoded);
  }
  return found;
}

/**
 * @param {string} text
 * @returns {string[]}
 */
export function foldedReadings(text) {
  return readings(text).map(fold);
}

const ESCAPE = /&#(?:([0-9]+)|[xX]([0-9A-Fa-f]+));?|&([A-Za-z]{2,7});|(?:%[0-9A-Fa-f]{2})+/g;

/** Replaces character references and percent-escapes, in one pass. */
function decode(text) {
  return text.replace(ESCAPE, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return REFERENCES.get(name) ?? accented(name) ?? whole;
    if (whole.startsWith('%')) return decodeUtf8(Buffer.from(whole.replaceAll('%', ''), 'hex')) ?? whole;
    const point = decimal === undefined ? parseInt(hexadecimal, 16) : parseInt(decimal, 10);
    const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    return isCharacter ? String.fromCodePoint(point) : whole;
  });
}

function accented(name) {
  return /^([A-Za-z])(?:acute|grave|circ|tilde|uml|cedil|ring|caron|slash|strok)$/.exec(name)?.[1];
}

/** Names, and what each becomes: one text for all, or one for each. */
const ROWS = [
  ['amp lt gt quot apos', ['&', '<', '>', '"', "'"]],
  ['nbsp ensp emsp thinsp NewLine Tab', ' '],
  ['shy zwnj zwj lrm rlm', ''],
  ['ndash mdash minus hyphen dash horbar', '-'],
  ['lsquo rsquo sbquo prime grave', "'"],
  ['ldquo rdquo bdquo', '"'],
  ['laquo raquo middot bull hellip', ['«', '»', '·', '•', '...']],
  ['period comma colon semi sol bsol lowbar commat', [...'.,:;/\\_@']],
  ['plus num ast equals percnt dollar excl quest vert', [...'+#*=%$!?|']],
  ['lpar rpar lsqb rsqb lbrack rbrack lcub rcub lbrace rbrace', [...'()[][]{}{}']],
  [
    'aelig AElig oelig OElig szlig eth ETH thorn THORN inodot',
    ['ae', 'ae', 'oe', 'oe', 'ss', 'd', 'd', 'th', 'th', 'i'],
  ],
];

const REFERENCES = new Map(
  ROWS.flatMap(([names, to]) =>
    names.split(' ').map((name, at) => [name, typeof to === 'string' ? to : to[at]]),
  ),
);

const BLOCKS = new Set(
  (
    'address article aside blockquote br caption center dd div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table tbody td tfoot th thead title tr ul'
  ).split(' '),
);

const TAG = /<!--[^]*?(?:-->|$)|<\/?([A-Za-z][A-Za-z0-9]*)(?![A-Za-z0-9])([^<>]*)>/gu;
const MAX_TAG_CHARACTERS = 2000;

/** Removes comments and tags; tags of blocks become a space. */
function withoutTags(text) {
  return text.replace(TAG, (whole, name, rest) => {
    if (name === undefined) return '';
    if (name.length - 1 + [...rest].length > MAX_TAG_CHARACTERS) return whole;
    return BLOCKS.has(name.toLowerCase()) ? ' ' : '';
  });
}
