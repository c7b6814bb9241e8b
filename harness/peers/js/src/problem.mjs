/** An error of an HTTP surface, as the line form writes it: without a trace id. */

const TITLES = { 400: 'Bad Request', 413: 'Content Too Large' };

export class Problem extends Error {
  name = 'Problem';

  /**
   * @param {string} detail
   * @param {400 | 413} [status]
   */
  constructor(detail, status = 400) {
    super(detail);
    this.status = status;
  }

  /** @returns {string} the body */
  body() {
    const { status, message } = this;
    return JSON.stringify({ type: 'about:blank', title: TITLES[status], status, detail: message });
  }
}
