/** The first JSON object in a text that a language model wrote. */

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
  const fences = readFences(text);
  return (
    firstOf(fences.filter(({ tag }) => tag.toLowerCase() === 'json')) ??
    firstOf(fences.filter(({ tag }) => tag === '')) ??
    firstObject(text)
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
  const scanner = new Scanner(piece);
  for (let at = piece.indexOf('{'); at !== -1; at = piece.indexOf('{', at + 1)) {
    if (scanner.isBroken(at)) continue;
    const end = scanner.value(at);
    if (end === -1) continue;
    // An object that is too deep ends the search in this piece.
    return scanner.levels > MAX_LEVELS ? undefined : withoutSpace(piece.slice(at, end));
  }
  return undefined;
}
