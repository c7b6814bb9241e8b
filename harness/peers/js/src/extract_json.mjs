/** The first JSON object in a text that a language model wrote. */

import { withoutReasoning } from './extract_json/reasoning.mjs';
import { Scanner } from './json/scan.mjs';
import { Json, MAX_LEVELS, withoutSpace } from './json/value.mjs';
import { decodeUtf8 } from './text.mjs';

const FENCE = '```';

/**
 * Answers one line of the surface.
 *
 * @param {Uint8Array} line
 * @returns {string}
 */
export function answer(line) {
  const input = decodeUtf8(line);
  const text = input === undefined ? undefined : Json.parse(input)?.asString();
  if (text === undefined) return '{"error":"input line is not a JSON string"}';
  const value = extractJson(text);
  return value === undefined
    ? '{"matched":false,"value":null}'
    : `{"matched":true,"value":${value}}`;
}

/**
 * The object's own text without white space outside strings, or `undefined`.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function extractJson(text) {
  const visible = withoutReasoning(text);
  const fences = readFences(visible);
  return (
    firstOf(fences.filter(({ tag }) => tag.toLowerCase() === 'json')) ??
    firstOf(fences.filter(({ tag }) => tag === '')) ??
    firstObject(visible)
  );
}

/** @returns {Array<{tag: string, content: string}>} */
function readFences(text) {
  const fences = [];
  const tagPattern = /[A-Za-z0-9_+-]*/y;
  let open = text.indexOf(FENCE);
  while (open !== -1) {
    tagPattern.lastIndex = open + FENCE.length;
    const [tag] = tagPattern.exec(text);
    const begin = open + FENCE.length + tag.length;
    const close = text.indexOf(FENCE, begin);
    if (close === -1) {
      fences.push({ tag, content: text.slice(begin) });
      break;
    }
    fences.push({ tag, content: text.slice(begin, close) });
    open = text.indexOf(FENCE, close + FENCE.length);
  }
  return fences;
}

function firstOf(fences) {
  for (const { content } of fences) {
    const object = firstObject(content);
    if (object !== undefined) return object;
  }
  return undefined;
}

function firstObject(piece) {
  const scanner = new Scanner(piece, { rawControls: true });
  let at = piece.indexOf('{');
  while (at !== -1) {
    const end = scanner.value(at);
    if (end !== -1) {
      // An object that is too deep ends the search in this piece.
      return scanner.levels > MAX_LEVELS ? undefined : written(piece.slice(at, end));
    }
    // The inside of an object that was begun is a part of an answer, and no answer.
    at = piece.indexOf('{', isBegun(piece, at) ? extentEnd(piece, at) : at + 1);
  }
  return undefined;
}

/** The object without white space; control characters, which only its strings have, as escapes. */
function written(object) {
  return withoutSpace(object).replace(/[\0-\x1f]/g, (control) => JSON.stringify(control).slice(1, -1));
}

const BLANK =
  '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200d\\u2028\\u2029\\u202f\\u205f\\u2060\\u3000\\ufeff';
const AFTER_BLANKS = new RegExp(`[${BLANK}]*`, 'y');
const COLON_OR_END = new RegExp(`[${BLANK}]*(?::|$)`, 'y');
/** What follows the brace and blanks of an object: the end, a quotation mark, another sign, a bare name. */
const BEGINS_OBJECT = new RegExp(
  [
    '$',
    '["\'`\\u00ab\\u00b4\\u00bb\\u2018-\\u201f\\u2039\\u203a\\uff02\\uff07]',
    '[\\\\,#]',
    '/[/*]',
    `[A-Za-z0-9_$]+[${BLANK}]*:[${BLANK}]*(?![${BLANK}{])`,
  ].join('|'),
  'y',
);

/** Whether the brace at `brace` begins a JSON object, complete or not, rather than prose. */
function isBegun(piece, brace) {
  const inside = skip(AFTER_BLANKS, piece, brace + 1);
  if (piece[inside] === '"' && piece[brace - 1] === '{') {
    const end = quoteAfter(piece, inside + 1);
    return end === -1 || matches(COLON_OR_END, piece, end + 1);
  }
  return matches(BEGINS_OBJECT, piece, inside);
}

/** The position of the quotation mark that ends the string whose characters begin at `at`, or -1. */
function quoteAfter(text, at) {
  for (; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}

/** The position after the brace that closes the broken object at `brace`, or the piece's end. */
function extentEnd(piece, brace) {
  const sign = /[{}"\\]/g;
  sign.lastIndex = brace;
  let level = 0;
  for (let found = sign.exec(piece); found !== null; found = sign.exec(piece)) {
    switch (found[0]) {
      case '\\':
        sign.lastIndex += 1;
        break;
      case '"': {
        const end = quoteAfter(piece, sign.lastIndex);
        if (end === -1) return piece.length;
        sign.lastIndex = end + 1;
        break;
      }
      case '{':
        level += 1;
        break;
      default:
        level -= 1;
        if (level === 0) return sign.lastIndex;
    }
  }
  return piece.length;
}

function skip(pattern, text, at) {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}

function matches(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.test(text);
}
