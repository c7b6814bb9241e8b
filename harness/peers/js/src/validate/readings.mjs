/** What a text is searched in: as written, decoded, and without tags. */

import { fold } from '../fold.mjs';
import { decodeUtf8 } from '../text.mjs';

/**
 * @param {string} text
 * @returns {string[]} one to three texts; the later ones differ from those before
 */
export function readings(text) {
  const decoded = decode(text);
  const bare = withoutTags(decoded);
  const found = [text];
  if (decoded !== text) found.push(decoded);
  if (bare !== decoded) found.push(bare);
  return found;
}

/**
 * @param {string} text
 * @returns {string[]}
 */
export function foldedReadings(text) {
  return readings(text).map(fold);
}

const ESCAPE = /&#(?:([0-9]{1,7})|[xX]([0-9A-Fa-f]{1,6}));?|&([A-Za-z]+);|(?:%[0-9A-Fa-f]{2})+/g;

/**
 * Replaces character references and percent-escapes, once.
 *
 * @param {string} text
 * @returns {string}
 */
export function decode(text) {
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

const TAG = /<!--[^]*?(?:-->|$)|<\/?([A-Za-z][A-Za-z0-9]*)([^<>]*)>/gu;
const MAX_TAG_CHARACTERS = 2000;

/** Removes comments and tags; tags of blocks become a space. */
function withoutTags(text) {
  return text.replace(TAG, (whole, name, rest) => {
    if (name === undefined) return '';
    if (name.length - 1 + [...rest].length > MAX_TAG_CHARACTERS) return whole;
    return BLOCKS.has(name.toLowerCase()) ? ' ' : '';
  });
}
