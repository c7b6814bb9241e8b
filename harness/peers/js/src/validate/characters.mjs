/** Characters that a text of a message may not have. */

/** Controls, and characters that change the direction of text or hide it. */
const ANYWHERE =
  '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u206f\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
const IN_TEXT = new RegExp(`[${ANYWHERE}]`, 'u');
/** A line break in a subject is a new header. */
const IN_SUBJECT = new RegExp(`[${ANYWHERE}\\t\\n\\r\\u2028\\u2029]`, 'u');

/**
 * @param {string} name of the text
 * @param {string} text
 * @returns {string | undefined} the first forbidden character, such as `U+000D`
 */
export function firstForbidden(name, text) {
  const found = (name === 'subject' ? IN_SUBJECT : IN_TEXT).exec(text);
  return found === null ? undefined : codeOf(found[0]);
}

/**
 * @param {string} character
 * @returns {string} such as `U+2019`
 */
export function codeOf(character) {
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
