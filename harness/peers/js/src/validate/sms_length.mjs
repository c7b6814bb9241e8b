/** The length of a body in one text message (3GPP TS 23.038). */

const BASIC = new Set(
  '\n\r ' +
    '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&\'()*+,-./0123456789:;<=>?¡' +
    'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENSION = new Set('\f^{}\\[~]|€');

/**
 * @param {string} body
 * @returns {{length: number, limit: number, unit: 'GSM-7 septets' | 'UCS-2 units'}}
 */
export function smsLength(body) {
  let septets = 0;
  for (const character of body) {
    if (BASIC.has(character)) septets += 1;
    else if (EXTENSION.has(character)) septets += 2;
    else return { length: body.length, limit: 70, unit: 'UCS-2 units' };
  }
  return { length: septets, limit: 160, unit: 'GSM-7 septets' };
}
