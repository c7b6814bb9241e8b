/** The ways to write a placeholder, in the contract's order. */

import { LETTER } from '../letters.mjs';
import { endsWithWord, withoutSpaces } from './found.mjs';
import { isCodeToEnter, isKey, isLabel, isNumeral } from './meant.mjs';
import { ELEMENTS, ELEMENTS_IF_CLOSED, FIELD_FILLERS, FIELD_NAMES, fieldWords } from './placeholder_words.mjs';
import { isToSign } from './signature.mjs';

/** @typedef {{pattern: RegExp, accepts: (found: object) => boolean}} Form */

const always = () => true;
const ALNUM = /[A-Za-z0-9]/;

const isFree = (before, after) => (found) => found.isFree(before, after);
const isAlone = isFree(ALNUM, ALNUM);

/**
 * A pattern of any length looks behind, or each of its own characters would be read to the end again.
 *
 * @type {Form[]}
 */
export const FORMS = [
  [/\{\{[^{}]{0,200}\}\}/gu, always],
  [/\{%[^{}]{0,100}\}/gu, always],
  [/\{#[^{}]{0,100}#\}/gu, always],
  [/<[%?][^<>]{0,200}[%?]>/gu, always],
  [/\$\{[^{}]{0,100}\}/gu, always],
  [
    /\{( *(?:[!$#@:=^&*+~] *)?[A-Za-z_\u0080-\u{10ffff}][A-Za-z0-9_.' |:()/[\]\u0080-\u{10ffff}-]{0,59})\}/gu,
    (found) => !isCodeToEnter(found.group) && !isKey(found, found.group),
  ],
  [/\{ *\}|\{[0-9]{1,2}\}/gu, always],
  [/\[\[[^[\]]{1,60}\]\]/gu, isFree(/\(/, /\(/)],
  [/\[%[^[\]]{1,60}%\]/gu, always],
  [/\[(#+|\$+)\]/gu, always],
  [/\[([^[\]\n]{1,60})\]/gu, isBracketField],
  [/<([A-Za-z_][A-Za-z0-9_.' -]{0,59})>/gu, isNoElement],
  [/\*\|[^|\n]{1,60}\|\*/gu, always],
  [
    /«([^«»\n]{1,60})»|‹([^‹›\n]{1,60})›/gu,
    ({ group }) => isField(group) || (!group.includes(' ') && isIdentifier(group)),
  ],
  [/<<[^<>\n]{1,60}>>/gu, always],
  [/%%[A-Za-z][A-Za-z0-9_. -]{0,39}%%/gu, always],
  [
    /%[A-Za-z][A-Za-z0-9_.-]{1,39}%/gu,
    (found) => found.isFree(/[0-9]/) && !/^[0-9A-Fa-f]{2}/.test(found.after),
  ],
  [/%[({[][A-Za-z_][A-Za-z0-9_. -]{0,39}[)}\]]s?/gu, always],
  [/%([0-9]\$)?[sd@]/gu, isFree(/[A-Za-z0-9%]/, ALNUM)],
  [
    /\$([A-Za-z_][A-Za-z0-9_]{0,39})\$?/gu,
    (found) => found.isFree(/[A-Za-z0-9$]/) && (isField(found.group) || isIdentifier(found.group)),
  ],
  [/\$\([A-Za-z_][A-Za-z0-9_. -]{0,39}\)/gu, always],
  [/#[A-Za-z][A-Za-z0-9_.-]{0,39}#/gu, isAlone],
  [/::[A-Za-z_][A-Za-z0-9_.-]{0,39}::/gu, isAlone],
  [/@@[A-Za-z_][A-Za-z0-9_.-]{0,39}@@/gu, always],
  [/__([A-Z][A-Z0-9_]{0,39})__/gu, (found) => isAlone(found) && isField(found.group)],
  [
    /~([A-Za-z][A-Za-z0-9_ -]{0,39})~|\^([A-Za-z][A-Za-z0-9_ -]{0,39})\^|!([A-Za-z][A-Za-z0-9_ -]{0,39})!/gu,
    (found) => found.isFree(/[A-Za-z0-9~^!]/, /[A-Za-z0-9~^!]/) && isField(found.group),
  ],
  [
    /\(([^()\n]{1,60})\)/gu,
    (found) =>
      isField(found.group) && (/^(?:insert|enter|your)/i.test(found.group) || found.isBehindSalutation),
  ],
  [
    /(?<= )(?:[A-Za-z]+(_[A-Za-z]+)+|[A-Z]?[a-z]+([A-Z][a-z]+)+|NAME|FNAME|LNAME|FIRSTNAME|LASTNAME|FULLNAME)/gu,
    (found) => found.isFree(undefined, ALNUM) && found.isBehindSalutation && isField(found.text),
  ],
  [/(?<! ) +,/gu, (found) => found.isDirectlyBehindSalutation],
  [/NaN|Invalid Date(Time)?|\[object [A-Za-z]+\]/gu, isAlone],
  [
    /undefined|Undefined|UNDEFINED|null|Null|NULL|None|NONE/gu,
    (found) => isAlone(found) && isMissingValue(found),
  ],
  [/(?<!_)(?:_{4,}|_{3})/gu, isGap],
  [/: *\.{5,}/gu, (found) => !isToSign(found)],
  [/\$ ?[Xx]{2,}([.,][Xx]+)?/gu, isFree(undefined, ALNUM)],
  [
    /(?<![A-Za-z0-9])\(?[Xx]{2,}\)?[ ./:-] ?[Xx]{2,}([./: -][Xx]{2,})?/gu,
    (found) => isAlone(found) && !isMasked(found) && /[X:/.-]/.test(found.text),
  ],
  [/(?<![A-Za-z0-9])X{3,}/gu, (found) => isAlone(found) && !isMasked(found) && !isNumeral(found)],
  [/(?<!#)#{2,}[./-]#{2,}|\$ ?##+/gu, always],
  [
    /[Mm]{2}\/[Dd]{2}(\/[Yy]{2,4})?|[Dd]{2}\/[Mm]{2}\/[Yy]{2,4}|[Yy]{4}-[Mm]{2}-[Dd]{2}|HH:MM|hh:mm/gu,
    (found) => found.isFree(/[A-Za-z0-9(]/, ALNUM) && !found.isBehind(/(?:as|in|format)$/i),
  ],
  [
    /TODO|TBD|TBA|TBC|FIXME|TKTK|T\.B\.[ADC]\.?|tbd|tba|fixme|Tbd|Tba/gu,
    (found) => isAlone(found) && !(found.text === 'TODO' && isSpanishTodo(found)),
  ],
  [/[Tt]odo:/gu, ({ line }) => /^ *$/.test(line.before)],
  [
    /[Ll]orem [Ii]psum|LOREM IPSUM|[Aa]nytown|ANYTOWN|[Tt]o be determined|TO BE DETERMINED|[Tt]o be announced|TO BE ANNOUNCED|[Pp]or definir|POR DEFINIR/gu,
    isAlone,
  ],
  [
    /(INSERT|INSERTE)( +[A-Z]+){1,4}/gu,
    (found) => isAlone(found) && hasFieldWords(found.text.replace(/^[A-Z]+/, '')),
  ],
  [
    /[Yy]our [Nn]ame( [Hh]ere)?|YOUR NAME( HERE)?/gu,
    (found) => isAlone(found) && isAloneOnItsLine(found),
  ],
  [/(?<![A-Za-z0-9_])(?:(YOUR|INSERT)(_[A-Z]+)+|[A-Z]+(_[A-Z]+)*_HERE)/gu, isFree(/[A-Za-z0-9_]/, /[A-Za-z0-9_]/)],
  [
    /\]\( *(?:([A-Za-z]+) *)?\)/gu,
    ({ group = '' }) => ['', 'url', 'link', 'here'].includes(group.toLowerCase()),
  ],
].map(([pattern, accepts]) => ({ pattern, accepts }));

/** Whether a content names something that belongs there. */
function isField(content) {
  return isRequest(content) || hasFieldWords(content);
}

/** Whether a content says what to write there. */
function isRequest(content) {
  return /^ *(?:e\.g|insert |inserte |enter )/i.test(content);
}

/** Whether a content has words of fields only. */
function hasFieldWords(content) {
  const words = fieldWords(content);
  return (
    words.some((word) => FIELD_NAMES.has(word)) &&
    words.every((word) => FIELD_NAMES.has(word) || FIELD_FILLERS.has(word))
  );
}

/** Whether a name is written as programs write names. */
function isIdentifier(name) {
  return /_|[a-z][A-Z]/.test(name);
}

/** Whether the brackets before are those of a link in Markdown. */
function isLink(after) {
  return /^(?:\(|\[[0-9]+\]|: *http)/.test(after);
}

function isBracketField(found) {
  const { group, after } = found;
  if (isLink(after) || isLabel(found)) return false;
  return isRequest(group) || (hasFieldWords(group) && !/[0-9]/.test(group));
}

function isNoElement(found) {
  const { group, all } = found;
  if (/^www\./i.test(group) || isCodeToEnter(group) || isKey(found, group)) return false;
  const name = /^[A-Za-z0-9]*/.exec(group)[0].toLowerCase();
  if (ELEMENTS_IF_CLOSED.has(name)) return !all.toLowerCase().includes(`</${name}`);
  return !ELEMENTS.has(name);
}

const ENDS_VALUE = /^(?:$|[\n.,!?;:)<])/;
const ENDS_MEMBER = /^(?:$|[\n.,!?;:)<"}])/;

/** Whether the word stands where a value was missing, and is none of the language. */
function isMissingValue(found) {
  const isNone = found.text.toLowerCase() === 'none';
  if (found.isBehindSalutation) return !isNone || ENDS_VALUE.test(found.after);
  const before = withoutSpaces(found.before);
  if (found.before.endsWith('>') || /[:=$]$/.test(before.slice(-1))) {
    return ENDS_MEMBER.test(found.after) && !(isNone && isBehindOtherLabel(before));
  }
  if (isNone || before === found.before) return false;
  if (endsWithWord(before, /(?:at|on|from|to|for|with|by|in)$/i)) return true;
  return endsWithWord(before, /is$/i) && ENDS_VALUE.test(found.after);
}

/** Whether a word that is no name of a field, and a colon, end the text: `Allergies: None`. */
function isBehindOtherLabel(before) {
  if (!before.endsWith(':')) return false;
  const [label] = /[A-Za-z]*$/.exec(before.slice(-64, -1));
  return !FIELD_NAMES.has(label.toLowerCase());
}

/** Underscores alone on their line are a rule. */
function isGap(found) {
  const { before, after } = found.line;
  if ((/^[ _]*$/.test(before) && /^[ _]*$/.test(after)) || isToSign(found)) return false;
  return found.text.length > 3 || isAlone(found);
}

/** Whether the last four digits of a number follow. */
function isMasked({ after }) {
  return /^(?:[ -][Xx]+)*[ -][0-9]{4}(?![0-9])/.test(after);
}

const TODO_BEHIND = new RegExp(`^ (?:EL|LA|LOS|LAS|LO|BIEN|UN|UNA|SU|TU)(?!${LETTER})`, 'u');

function isSpanishTodo({ before, after }) {
  if (TODO_BEHIND.test(after)) return true;
  return before.endsWith(' ') && endsWithWord(before.slice(0, -1), /(?:DE|PARA|CON|SOBRE|ES|A)$/);
}

function isAloneOnItsLine({ line }) {
  return /^[ .,!:]*$/.test(line.before) && /^[ .,!:]*$/.test(line.after);
}
