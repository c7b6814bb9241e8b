/** The letters of folded texts; the contract's list is fixed, because categories change. */

const NOT_LETTERS =
  '\\u00d7\\u00f7\\u02c2-\\u02df\\u037e\\u0387\\u055b-\\u055f\\u0589\\u060c\\u061b\\u061f\\u06d4\\u0964\\u0965' +
  '\\u2000-\\u2bff\\u2e00-\\u2e7f\\u3000-\\u3004\\u3008-\\u3030\\u30fb\\ue000-\\uf8ff\\ufe00-\\ufe6f\\uff00-\\uff65' +
  '\\uffe0-\\uffff\\u{1f000}-\\u{1fbff}';

/** A pattern of one letter; capitals of ASCII count. */
export const LETTER = `(?:[A-Za-z]|(?![${NOT_LETTERS}])[\\u00c0-\\u{10ffff}])`;

/** A pattern of one character that is a word, because its script has no spaces between words. */
export const WORD_CHARACTER =
  '[\\u3040-\\u30fa\\u30fc-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}]';

const LETTER_AT_START = new RegExp(`^${LETTER}`, 'u');
const LETTER_AT_END = new RegExp(`${LETTER}$`, 'u');

/**
 * @param {string} text
 * @returns {boolean} whether its first character is a letter
 */
export function startsWithLetter(text) {
  return LETTER_AT_START.test(text.slice(0, 2));
}

/**
 * @param {string} text
 * @returns {boolean} whether its last character is a letter
 */
export function endsWithLetter(text) {
  return LETTER_AT_END.test(text.slice(-2));
}
