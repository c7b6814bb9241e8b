/** What a record keeps of texts with social security numbers. */

import { maskSocialSecurityNumbers } from '../validate/social_security_mask.mjs';

/** The characters of a text: escapes of JSON, or code points. */
const CHARACTER =
  /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|[^]/gu;

const TOKEN = /"(?:[^"\\]|\\[^])*"|-?[0-9][^,\]}]*|[^]/gu;

/**
 * A text with its numbers masked, its JSON escapes read as the characters that they stand for.
 *
 * @param {string} text
 * @returns {string}
 */
export function maskedText(text) {
  return maskedAfter('', text);
}

/**
 * A carried-over object with the numbers in its names and values masked.
 *
 * @param {string} object
 * @returns {string}
 */
export function maskedObject(object) {
  /** The name of the innermost member, for each open array and object. */
  const names = [];
  const nameHere = () => names.at(-1) ?? '';
  return object.replace(TOKEN, (token, at) => {
    switch (token[0]) {
      case '{':
      case '[':
        names.push(nameHere());
        return token;
      case '}':
      case ']':
        names.pop();
        return token;
      case '"': {
        const inside = token.slice(1, -1);
        if (object[at + token.length] !== ':') return `"${maskedAfter(nameHere(), inside)}"`;
        names[names.length - 1] = inside;
        return `"${maskedText(inside)}"`;
      }
      default: {
        if (!/^[-0-9]/.test(token)) return token;
        const masked = maskedAfter(nameHere(), token);
        return masked === token ? token : JSON.stringify(masked);
      }
    }
  });
}

/** The text masked as it stands after a member's name. */
function maskedAfter(name, text) {
  const spelled = charactersOf(text);
  const before = name === '' ? [] : [...charactersOf(name).map(read), ':', ' '];
  const whole = [...before, ...spelled.map(read)];
  const masked = [...maskSocialSecurityNumbers(whole.join(''))].slice(before.length);
  return masked.map((kept, at) => (kept === read(spelled[at]) ? spelled[at] : kept)).join('');
}

function charactersOf(text) {
  return text.match(CHARACTER) ?? [];
}

/** The character that an escape, or a character itself, stands for. */
function read(spelled) {
  if (spelled.length < 2 || spelled[0] !== '\\') return spelled;
  return JSON.parse(`"${spelled}"`).toWellFormed();
}
