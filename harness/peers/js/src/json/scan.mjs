/**
 * Checks a string by the grammar of RFC 8259, without building values.
 *
 * The scanner keeps its own stack, so memory bounds the nesting, not the call stack.
 */

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The result of every function here, instead of a position, for a syntax error. */
const BROKEN = -1;

/** Reads values that begin anywhere in one text; positions are UTF-16 indices. */
export class Scanner {
  /** Open containers: the position of an object, the complement of an array's position. */
  #open = [];
  /** Positions of objects known to be malformed; created when the first is found. */
  #broken;

  /**
   * @param {string} text
   * @param {{rawControls?: boolean}} [permitted] whether strings may have raw control characters
   */
  constructor(text, { rawControls = false } = {}) {
    this.text = text;
    this.rawControls = rawControls;
    /** Levels of nesting of the value that `value` read last; 0 for a scalar. */
    this.levels = 0;
  }

  /**
   * Whether the object that begins at `at` is known to be malformed from the scan of an outer one.
   *
   * @param {number} at
   * @returns {boolean}
   */
  isBroken(at) {
    return this.#broken !== undefined && this.#broken[at] === 1;
  }

  /**
   * The position after the complete value that begins at `at` (without leading white space),
   * or -1 when no value does.
   *
   * @param {number} at
   * @returns {number}
   */
  value(at) {
    this.#open.length = 0;
    this.levels = 0;
    const end = this.#scan(at);
    if (end === BROKEN) this.#remember();
    return end;
  }

  #scan(at) {
    const text = this.text;
    const open = this.#open;
    for (;;) {
      const first = text.charCodeAt(at);
      if (first === OPEN_BRACE) {
        if (this.isBroken(at)) return BROKEN;
        this.#enter(at);
        at = skipSpace(text, at + 1);
        if (text.charCodeAt(at) !== CLOSE_BRACE) {
          at = memberName(text, at, this.rawControls);
          if (at === BROKEN) return BROKEN;
          continue;
        }
        open.pop();
        at += 1;
      } else if (first === OPEN_BRACKET) {
        this.#enter(~at);
        at = skipSpace(text, at + 1);
        if (text.charCodeAt(at) !== CLOSE_BRACKET) continue;
        open.pop();
        at += 1;
      } else {
        at = scalar(text, at, first, this.rawControls);
        if (at === BROKEN) return BROKEN;
      }

      // A value ends at `at`: close the containers that it completes, up to a comma before another value.
      for (;;) {
        if (open.length === 0) return at;
        at = skipSpace(text, at);
        const next = text.charCodeAt(at);
        const inObject = open[open.length - 1] >= 0;
        if (next === COMMA) {
          at = skipSpace(text, at + 1);
          if (inObject) at = memberName(text, at, this.rawControls);
          if (at === BROKEN) return BROKEN;
          break;
        }
        if (next !== (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return BROKEN;
        open.pop();
        at += 1;
      }
    }
  }

  #enter(place) {
    const depth = this.#open.push(place);
    if (depth > this.levels) this.levels = depth;
  }

  /**
   * Each container that is open at the failure would fail at the same position when read
   * alone. Remembering that keeps a search through `{"a":{"a":{"a":…` linear.
   */
  #remember() {
    const open = this.#open;
    if (open.length < 2) return;
    this.#broken ??= new Uint8Array(this.text.length);
    for (const place of open) {
      if (place >= 0) this.#broken[place] = 1;
    }
  }
}

/**
 * The first position from `at` on that is not JSON white space.
 *
 * @param {string} text
 * @param {number} at
 * @returns {number}
 */
export function skipSpace(text, at) {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return at;
    at += 1;
  }
}

/**
 * The position after the string that begins with the quote at `at`, or -1.
 *
 * @param {string} text
 * @param {number} at
 * @param {boolean} [rawControls] whether the string may have raw control characters
 * @returns {number}
 */
export function stringEnd(text, at, rawControls = false) {
  for (;;) {
    at += 1;
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    // Not `code < …`: after the end of the text the code is NaN.
    if (!(code >= (rawControls ? 0 : SPACE))) return BROKEN;
    if (code === BACKSLASH) {
      at += 1;
      const escaped = text[at];
      if (escaped === 'u') {
        for (let digit = 1; digit <= 4; digit += 1) {
          if (!isHexDigit(text.charCodeAt(at + digit))) return BROKEN;
        }
        at += 4;
      } else if (escaped === undefined || !'"\\/bfnrt'.includes(escaped)) {
        return BROKEN;
      }
    }
  }
}

/** Moves from a member's name to the beginning of its value. */
function memberName(text, at, rawControls) {
  if (text.charCodeAt(at) !== QUOTE) return BROKEN;
  const end = stringEnd(text, at, rawControls);
  if (end === BROKEN) return BROKEN;
  const colon = skipSpace(text, end);
  return text.charCodeAt(colon) === COLON ? skipSpace(text, colon + 1) : BROKEN;
}

function scalar(text, at, first, rawControls) {
  if (first === QUOTE) return stringEnd(text, at, rawControls);
  if (first === MINUS || isDigit(first)) return numberEnd(text, at);
  for (const literal of ['true', 'false', 'null']) {
    if (text.startsWith(literal, at)) return at + literal.length;
  }
  return BROKEN;
}

function numberEnd(text, at) {
  if (text.charCodeAt(at) === MINUS) at += 1;
  if (text.charCodeAt(at) === ZERO) at += 1;
  else at = digitsEnd(text, at);
  if (at !== BROKEN && text.charCodeAt(at) === POINT) at = digitsEnd(text, at + 1);
  // `| 0x20` turns `E` into `e`.
  if (at !== BROKEN && (text.charCodeAt(at) | 0x20) === 0x65) {
    const sign = text.charCodeAt(at + 1);
    at = digitsEnd(text, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
  }
  return at;
}

function digitsEnd(text, at) {
  if (!isDigit(text.charCodeAt(at))) return BROKEN;
  do at += 1;
  while (isDigit(text.charCodeAt(at)));
  return at;
}

function isDigit(code) {
  return code >= ZERO && code <= NINE;
}

function isHexDigit(code) {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}
