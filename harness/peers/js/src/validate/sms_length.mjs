/** The length of a body in one text message (3GPP TS 23.038). */

import { codeOf } from './characters.mjs';

const BASIC = new Set(
  '\n\r ' +
    '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&\'()*+,-./0123456789:;<=>?¡' +
    'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENSION = new Set('\f^{}\\[~]|€');

/**
 * @param {string} body
 * @returns {{length: number, limit: number, unit: string}} the unit names the first character that
 *   is not in the alphabet
 */
export function smsLength(body) {
  let septets = 0;
  for (const character of body) {
    if (BASIC.has(character)) septets += 1;
    else if (EXTENSION.has(character)) septets += 2;
    else return { length: body.length, limit: 70, unit: ucs2(character) };
  }
  return { length: septets, limit: 160, unit: 'GSM-7 septets' };
}

function ucs2(character) {
  return `UCS-2 units because of \`${character}\` (${codeOf(character)})`;
}
