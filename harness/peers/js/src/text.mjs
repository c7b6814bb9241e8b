/** Text in the contract's terms, which are ASCII and code points rather than a language's own. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of UTF-8 bytes, including a byte order mark, or `undefined` when they are not UTF-8.
 *
 * @param {Uint8Array} bytes
 * @returns {string | undefined}
 */
export function decodeUtf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The text with its ASCII letters lowered; nothing else is folded.
 *
 * @param {string} text
 * @returns {string}
 */
export function lowered(text) {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * @param {string} text
 * @returns {boolean} whether it has nothing but the contract's white space
 */
export function isBlank(text) {
  return !/[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(text);
}

/**
 * @param {string} text well-formed UTF-16
 * @returns {number} its code points
 */
export function countCharacters(text) {
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800) count -= 1;
  }
  return count;
}
