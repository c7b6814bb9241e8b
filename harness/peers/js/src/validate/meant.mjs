/** What looks like a placeholder and is meant as it is: codes, keys, labels, numerals. */

import { withoutSpaces } from './found.mjs';
import { FIELD_FILLERS, FIELD_NAMES, fieldWords } from './placeholder_words.mjs';

/** @typedef {import('./found.mjs').Found} Found */

/**
 * @param {string} content
 * @returns {boolean} whether it is a code such as `SAVE10`
 */
export function isCodeToEnter(content) {
  const word = /^([A-Z]{2,20})[0-9]{2,4}$/.exec(content)?.[1].toLowerCase();
  return word !== undefined && !FIELD_NAMES.has(word) && !FIELD_FILLERS.has(word);
}

const KEY_NAME =
  '(?:enter|return|esc|escape|tab|space|spacebar|backspace|delete|ctrl|control|alt|cmd|command|home|pgup|pgdn|page up|page down|caps lock|f[1-9]|f1[0-2])';
const KEY = new RegExp(
  `^(?:${KEY_NAME}|(?:ctrl|control|alt|cmd|command|shift)-(?:[A-Za-z0-9]|${KEY_NAME}))$`,
  'i',
);
const PRESS = /(?:press|hit|push|tap|hold|key|presione|presiona|pulse|pulsa|oprima|tecla)$/i;

/**
 * @param {Found} brackets
 * @param {string} content of the brackets
 * @returns {boolean} whether it is a key to press
 */
export function isKey(brackets, content) {
  if (/^(?:shift|end|insert)$/i.test(content)) {
    return brackets.before.endsWith('+') || brackets.isBehind(PRESS);
  }
  return KEY.test(content);
}

/** The words of labels, and how their values begin. */
const VALUES = [
  ['address street building suite unit room dock zip zipcode direccion', /^#?[0-9]/],
  ['pay rate wage salary amount price bonus salario', /^\$?[0-9]/],
  ['date day fecha', /^[0-9]{1,4}[/.-][0-9]/],
  [
    'time hour hours start end finish shift schedule hora turno',
    /^[0-9]{1,2}(?::[0-9]{2}|[AaPp]| [AaPp]\.?[Mm])/,
  ],
  ['phone telephone mobile cell fax number num telefono numero', /^[(+]?[0-9][0-9 ().+-]{6}/],
];

const VALUE_OF = new Map(VALUES.flatMap(([words, value]) => words.split(' ').map((word) => [word, value])));

/**
 * @param {Found} brackets
 * @returns {boolean} whether they are a label with the value behind it
 */
export function isLabel(brackets) {
  const value = /^:? +/.exec(brackets.after);
  if (value === null || !beginsEntry(brackets.before)) return false;
  const rest = brackets.after.slice(value[0].length);
  const fields = fieldWords(brackets.group).filter((word) => FIELD_NAMES.has(word));
  return (
    fields.every((word) => VALUE_OF.has(word)) && fields.some((word) => VALUE_OF.get(word).test(rest))
  );
}

/** Whether a line, a cell or an item of a list begins behind a text. */
function beginsEntry(text) {
  const before = withoutSpaces(text);
  if (/^[\n|;>]?$/.test(before.slice(-1))) return true;
  return /^[-*\u2022]$/.test(before.slice(-1)) && /^\n?$/.test(withoutSpaces(before.slice(0, -1)).slice(-1));
}

const OTHER_NUMERAL = '(?:XS|S|M|L|XL|XXL|XXXL|[2-6]XL?|X{2,3}(?:I{1,3}|I?V|VI{1,3}|IX))';
const DIVIDER = '(?: {0,8}[,/-] {0,8}| {1,8}(?:and|or|to|y|o|a) {1,8})';
const NUMERAL_BEFORE = new RegExp(`(?<![A-Za-z0-9])${OTHER_NUMERAL}${DIVIDER}$`);
const NUMERAL_BEHIND = new RegExp(`^${DIVIDER}${OTHER_NUMERAL}(?![A-Za-z0-9])`);
const NUMERAL_WORD =
  /(?:size|sizes|talla|tallas|bowl|chapter|chapters|capitulo|capitulos|volume|tomo|siglo)$/i;
/** More than another numeral and the divider have. */
const MAX_NUMERAL = 40;

/**
 * @param {Found} found
 * @returns {boolean} whether it is the numeral 30 or a size
 */
export function isNumeral(found) {
  if (found.text !== 'XXX') return false;
  return (
    found.isBehind(NUMERAL_WORD) ||
    NUMERAL_BEFORE.test(found.before.slice(-MAX_NUMERAL)) ||
    NUMERAL_BEHIND.test(found.after)
  );
}
