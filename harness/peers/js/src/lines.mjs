/** Lines in, lines out, one at a time and in order. */

import { once } from 'node:events';

const LINE_FEED = 0x0a;

/**
 * Answers every line of `input` on `output`, waiting for a slow reader.
 *
 * @param {(line: Uint8Array) => string} answer
 * @param {AsyncIterable<Uint8Array>} input
 * @param {import('node:stream').Writable} output
 */
export async function answerLines(answer, input, output) {
  for await (const line of readLines(input)) {
    if (!output.write(`${answer(line)}\n`)) await once(output, 'drain');
  }
}

/**
 * The lines of a stream without their line feeds; a last line without a line feed counts unless
 * it is empty.
 *
 * @param {AsyncIterable<Uint8Array>} input
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* readLines(input) {
  /** Pieces of a line that has not ended; joined once, so a long line costs no more than its length. */
  let pieces = [];
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      const piece = chunk.subarray(from, end);
      yield pieces.length === 0 ? piece : Buffer.concat([...pieces, piece]);
      pieces = [];
      from = end + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}
