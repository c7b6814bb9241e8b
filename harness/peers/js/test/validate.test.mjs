import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, respond } from '../src/validate.mjs';
import { bytes, roster, worker } from '../testing/support.mjs';

const ROSTER = roster(
  worker('w-1', {
    email: 'ana@example.org',
    phone: '+1 (555) 010-1000',
    excluded_clients: ['Beacon Freight'],
    bookings: [
      { date: '2026-05-04', start: '06:00', end: '14:00' },
      { date: '2026-05-04', start: '16:00', end: '20:00' },
      { date: '2026-05-05', start: '22:00', end: '06:00' },
    ],
  }),
  worker('w-2', { name: "Bo O'Neil-Łoś", phone: '555.010.2000', city: 'Detroit', state: 'MI' }),
  worker('w-3', { name: 'Bo', active: false, phone: '555-010-3000' }),
  worker('w-4', { name: 'Maria Ana Ruiz', phone: '555-010-4000' }),
);

function all(kind, artifact, context) {
  const { status, body } = respond(bytes(JSON.stringify({ kind, artifact, context })), ROSTER, { all: true });
  const parsed = JSON.parse(body);
  if (status === 200) return parsed.findings;
  if (status === 400) return parsed.detail;
  return parsed.failures.map((failure) => {
    const [[stage, { field, reason }]] = Object.entries(failure);
    return field === undefined ? `${stage}: ${reason}` : `${stage}: ${field} ${reason}`;
  });
}

function check(kind, cases) {
  for (const [artifact, context, expected] of cases) {
    assert.deepEqual(all(kind, artifact, context), expected);
  }
}

test('errors of the request are problems', () => {
  const answer = answering({ roster: ROSTER });
  const detail = (line) => JSON.parse(answer(line)).body.detail;
  const fields = '`count`, `role`, `city`, `state`, `client`, `date`, `start`, `end`, `worker_id`';
  assert.equal(
    answer(bytes('{')),
    '{"status":400,"body":{"type":"about:blank","title":"Bad Request","status":400,"detail":"request body is not valid JSON"}}',
  );
  assert.equal(
    answer(Buffer.alloc(1_048_577, 0x20)),
    '{"status":413,"body":{"type":"about:blank","title":"Content Too Large","status":413,"detail":"request body is larger than 1048576 bytes"}}',
  );
  for (const [line, expected] of [
    ['['.repeat(129) + ']'.repeat(129), 'request body nests deeper than 128 levels'],
    ['3', 'request body must be a JSON object'],
    ['{"b":1,"a":2}', 'unknown field `b`; expected one of `kind`, `artifact`, `context`'],
    ['{"artifact":1}', 'missing field `kind`'],
    ['{"kind":null}', 'field `kind` must be one of `fill`, `email`, `sms`, `playbook`'],
    ['{"kind":"sms"}', 'missing field `artifact`'],
    ['{"kind":"sms","artifact":null,"context":1}', 'field `context` must be an object'],
    ['{"kind":"sms","artifact":1,"context":{"x":1}}', `unknown field \`context.x\`; expected one of ${fields}`],
  ]) {
    assert.equal(detail(bytes(line)), expected);
  }
  assert.equal(detail(Uint8Array.of(0xff)), 'request body is not valid UTF-8');
  check('sms', [
    [1, { count: 0 }, 'field `context.count` must be an integer from 1 to 1000'],
    [1, { count: 1001 }, 'field `context.count` must be an integer from 1 to 1000'],
    [1, { city: 1, role: 2 }, 'field `context.role` must be a string'],
    [1, { date: '2026-02-29' }, 'field `context.date` must be a date (YYYY-MM-DD)'],
    [1, { date: '0000-01-01' }, 'field `context.date` must be a date (YYYY-MM-DD)'],
    [1, { end: '24:00' }, 'field `context.end` must be a time (HH:MM)'],
    [1, { worker_id: 1, end: null }, 'field `context.worker_id` must be a string'],
    [null, null, ['Schema: artifact must be an object']],
  ]);
});

test('without `all` only the first failure is returned', () => {
  const { status, body } = respond(bytes('{"kind":"fill","artifact":{"fills":[1,2]}}'), ROSTER);
  assert.deepEqual([status, body], [422, '{"Schema":{"field":"fills[0]","reason":"must be an object"}}']);
});

test('a valid artifact is answered with its kind, findings and time', () => {
  const { status, body } = respond(bytes('{"kind":"fill","artifact":{"fills":[{"worker_id":"w-2"}]}}'), ROSTER);
  assert.equal(status, 200);
  assert.match(body, /^\{"kind":"fill","findings":\[\],"elapsed_ms":[0-9.]+\}$/);
});

test('fill', () => {
  const fills = (...ids) => ({ fills: ids.map((worker_id) => ({ worker_id })) });
  const may = (start, end, date = '2026-05-04') => ({ date, start, end });
  const warning = (field, message) => ({ field, severity: 'warning', message });
  const also = (when) => warning('fills[0].worker_id', `worker \`w-1\` is also booked on ${when}`);
  check('fill', [
    [{}, {}, ['Schema: fills is missing']],
    [{ fills: null }, {}, ['Schema: fills must be an array']],
    [
      { fills: [1, {}, { worker_id: '', name: 1 }, { worker_id: 'w-1', name: null }] },
      {},
      [
        'Schema: fills[0] must be an object',
        'Schema: fills[1].worker_id is missing',
        'Schema: fills[2].worker_id must be a string that is not empty',
        'Schema: fills[2].name must be a string',
      ],
    ],
    [fills('w-1'), { count: 2 }, ['Completeness: fills has 1, the context asks for 2']],
    [fills(), {}, ['Completeness: fills is empty']],
    [fills(), { count: 1 }, ['Completeness: fills has 0, the context asks for 1']],
    [
      fills('w-9', 'w-3', 'w-9', 'w-3', 'w-9'),
      {},
      [
        'Consistency: worker `w-9` is named more than once',
        'Consistency: worker `w-3` is named more than once',
        'Consistency: worker `w-9` is not in the roster',
        'Consistency: worker `w-3` is not active',
      ],
    ],
    [
      { fills: [{ worker_id: 'w-1', name: 'Anna Ruiz' }, { worker_id: 'w-2', name: 'BO  O’Neil Los' }] },
      { role: 'Forklift Operator', city: 'DETROIT ', state: 'mi', client: 'Beacon-Freight, Inc.', ...may('05:00', '17:00') },
      [
        'Consistency: worker `w-1` is called `Ana Ruiz`, not `Anna Ruiz`',
        'Consistency: worker `w-1` does not work as `Forklift Operator`',
        'Consistency: worker `w-2` does not work as `Forklift Operator`',
        'Consistency: worker `w-1` is in city `Toledo`, not `DETROIT `',
        'Consistency: worker `w-1` is in state `OH`, not `mi`',
        'Policy: worker `w-1` is excluded for client `Beacon-Freight, Inc.`',
        'Policy: worker `w-1` is booked on 2026-05-04 from 06:00 to 14:00',
        'Policy: worker `w-1` is booked on 2026-05-04 from 16:00 to 20:00',
      ],
    ],
    [fills('w-1'), may('05:00', '07:00', '2026-05-06'), ['Policy: worker `w-1` is booked on 2026-05-05 from 22:00 to 06:00']],
    [fills('w-1'), may('06:00', '06:00', '2026-05-06'), [also('2026-05-05 from 22:00 to 06:00')]],
    [fills('w-1'), may('14:00', '15:00', '2026-05-07'), []],
    [fills('w-1'), may('03:59', '05:00', '2026-05-05'), [also('2026-05-04 from 16:00 to 20:00'), also('2026-05-05 from 22:00 to 06:00')]],
    [
      fills('w-2', 'w-1'),
      may('14:00', '16:00'),
      ['06:00 to 14:00', '16:00 to 20:00'].map((times) => ({
        field: 'fills[1].worker_id',
        severity: 'warning',
        message: `worker \`w-1\` is also booked on 2026-05-04 from ${times}`,
      })),
    ],
    [
      fills('w-1'),
      { date: '2026-05-06' },
      [warning('context.start', 'bookings are not checked: the context has no start and no end'), also('2026-05-05 from 22:00 to 06:00')],
    ],
    [fills('w-1'), { date: '2026-05-04', end: '07:00' }, [warning('context.start', 'bookings are not checked: the context has no start')]],
    [fills('w-1'), { client: 'Becon Freight' }, ['Policy: worker `w-1` is excluded for client `Beacon Freight`, which is taken for `Becon Freight`']],
    [
      { cc: 1, fills: [{ worker_id: 'w-1', note: 1 }], x: null, bcc: '' },
      { client: 'Beacon' },
      [
        warning('fills[0].worker_id', 'worker `w-1` is excluded for client `Beacon Freight`, which is near `Beacon`'),
        ...['cc', 'fills[0].note', 'bcc'].map((field) => warning(field, 'not checked: no rule knows this member')),
      ],
    ],
  ]);
});

test('email', () => {
  const good = { to: 'ANA@example.org', subject: 'Shift', body: 'Hello Ana Ruiz, w-1', worker_id: 'w-1' };
  check('email', [
    [good, {}, []],
    [{ to: 'x', body: 1, worker_id: '' }, {}, [
      'Schema: subject is missing',
      'Schema: body must be a string',
      'Schema: worker_id must be a string that is not empty',
      'Schema: to must be an email address',
    ]],
    [{ ...good, subject: ' \u00a0', body: '', worker_id: null }, {}, [
      'Completeness: subject is empty',
      'Completeness: body is empty',
      'Completeness: no worker is named',
    ]],
    [{ ...good, subject: '\u{1f600}'.repeat(201), body: 'x'.repeat(10_001) }, {}, [
      'Completeness: subject has 201 characters, at most 200 are allowed',
      'Completeness: body has 10001 characters, at most 10000 are allowed',
    ]],
    [{ ...good, to: 'bo@example.org' }, { worker_id: 'w-2' }, [
      'Consistency: the artifact names worker `w-1`, the context `w-2`',
      'Consistency: recipient is not the email address of worker `w-1`',
    ]],
    [{ ...good, worker_id: 'w-9' }, {}, ['Consistency: worker `w-9` is not in the roster']],
    [{ ...good, subject: 'W-2: 078-05-1120', body: "Ask bo o'neil-Łoś (555)010-2000 or W-2@example.org!." }, {}, [
      'Policy: subject has the id of worker `w-2`',
      'Policy: body has the email address of worker `w-2`',
      'Policy: body has the phone number of worker `w-2`',
      'Policy: body has the id of worker `w-2`',
      'Policy: body has the name of worker `w-2`',
      'Policy: subject has what looks like a social security number',
    ]],
    [{ ...good, body: 'RUIZ, Maria Ana' }, {}, ['Policy: body has the name of worker `w-4`']],
    [{ ...good, subject: 'Shift\r\nBcc: x', body: 'x\u202e' }, {}, [
      'Completeness: subject has the forbidden character U+000D',
      'Completeness: body has the forbidden character U+202E',
    ]],
  ]);
  for (const to of ['a@b', 'a@b..c', '@b.c', 'a@b@c.d', 'a b@c.d', 'ü@b.c', 'a@b_.c', 'a@.c', 'a@b.c\n']) {
    assert.deepEqual(all('email', { ...good, to }, {}), ['Schema: to must be an email address'], to);
  }
});

test('sms', () => {
  const good = { to: '5550101000', body: 'Shift at 6', worker_id: 'w-1' };
  const info = (message) => [{ field: 'body', severity: 'info', message }];
  check('sms', [
    [good, {}, info('10 of 160 GSM-7 septets')],
    [{ ...good, body: '€'.repeat(80) }, {}, info('160 of 160 GSM-7 septets')],
    [{ ...good, body: '€'.repeat(80) + 'a' }, {}, ['Completeness: body takes 161 GSM-7 septets, at most 160 fit']],
    [{ ...good, body: '\u{1f600}'.repeat(35) }, {}, info('70 of 70 UCS-2 units because of `\u{1f600}` (U+1F600)')],
    [{ ...good, body: '`'.repeat(71) }, {}, ['Completeness: body takes 71 UCS-2 units because of ``` (U+0060), at most 70 fit']],
    [{ ...good, to: '+1 555 010 1000', worker_id: null }, { worker_id: 'w-1' }, info('10 of 160 GSM-7 septets')],
    [{ ...good, to: '+25550101000' }, {}, ['Consistency: recipient is not the phone number of worker `w-1`']],
    [{ ...good, to: '555010100' }, {}, ['Schema: to must be a phone number']],
    [{ ...good, to: '٥٥٥–٠١٠\u00a0١٠٠٠' }, {}, info('10 of 160 GSM-7 septets')],
    [{ ...good, to: '5550101000\n' }, {}, ['Schema: to must be a phone number']],
  ]);
});

test('playbook', () => {
  const good = { query_text: 'q', answer_id: 'w-1', answer_corpus: 'workers', score: 1, role: 'PICKER' };
  check('playbook', [
    [good, {}, []],
    [{ ...good, answer_corpus: 'notes', answer_id: 'w-9' }, {}, []],
    [{ answer_id: 1, role: 1 }, {}, [
      'Schema: query_text is missing',
      'Schema: answer_id must be a string',
      'Schema: answer_corpus is missing',
      'Schema: score is missing',
      'Schema: role must be a string',
    ]],
    [{ ...good, score: null }, {}, ['Schema: score must be a number']],
    [{ ...good, query_text: '', answer_id: ' ', score: 1.1 }, {}, [
      'Completeness: query_text is empty',
      'Completeness: answer_id is empty',
      'Consistency: score must be between 0 and 1',
      'Consistency: worker ` ` is not in the roster',
    ]],
    [{ ...good, query_text: `${'x'.repeat(1990)} 219-09-9999`, answer_id: 'w-3', role: 'Packer' }, {}, [
      'Completeness: query_text has 2002 characters, at most 2000 are allowed',
      'Consistency: worker `w-3` does not work as `Packer`',
      'Policy: worker `w-3` is not active',
      'Policy: query_text has what looks like a social security number',
    ]],
  ]);
});
