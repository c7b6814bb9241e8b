/** An error of an input, in the words of the contract. */
export class Refusal extends Error {
  name = 'Refusal';
}

/**
 * Runs `work`, and writes a refusal as `{"error":"…"}`.
 *
 * @param {() => string} work
 * @returns {string}
 */
export function orError(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return `{"error":${JSON.stringify(error.message)}}`;
    throw error;
  }
}
