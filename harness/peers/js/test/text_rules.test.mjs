import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneKey } from '../src/validate/address.mjs';
import { othersData } from '../src/validate/others_data.mjs';
import { firstPlaceholder } from '../src/validate/placeholder.mjs';
import { parseRoster } from '../src/validate/roster.mjs';
import { hasSocialSecurityNumber } from '../src/validate/social_security.mjs';
import { bytes, roster, worker } from '../testing/support.mjs';

test('placeholders', () => {
  for (const [text, expected] of [
    ['Hi {{name}} and [x]', '{{name}}'],
    ['{{{name}}}', '{{name}}'],
    ['{first name}', '{first name}'],
    ['{ name}', undefined],
    ['{{ }}', '{{ }}'],
    ['{{}}', undefined],
    ['{{a\nb}}', undefined],
    [`{{${'\u{1f600}'.repeat(40)}}}`, `{{${'\u{1f600}'.repeat(40)}}}`],
    [`{{${'x'.repeat(41)}}}`, undefined],
    [`[${'x'.repeat(40)}]`, `[${'x'.repeat(40)}]`],
    [`[${'x'.repeat(41)}]`, undefined],
    ['<b>', '<b>'],
    ['</b>', undefined],
    ['[1]', undefined],
    ['xTODO TODO1 TODOs todo', undefined],
    ['éTODO', 'TODO'],
    ['_TBD_', 'TBD'],
    ['FIXME: x', 'FIXME'],
  ]) {
    assert.equal(firstPlaceholder(text), expected, text);
  }
});

test('phone numbers compare by their digits', () => {
  for (const [text, expected] of [
    ['+1 (555) 010-1000', '5550101000'],
    ['15550101000', '5550101000'],
    ['25550101000', '25550101000'],
    ['1555010100', '1555010100'],
    ['123456789012345', '123456789012345'],
    ['1234567890123456', undefined],
    ['(+)5550101000', '5550101000'],
    ['5550101000x', undefined],
    ['5550101000\n', undefined],
  ]) {
    assert.equal(phoneKey(text), expected, text);
  }
});

test("another worker's data", () => {
  const workers = roster(
    worker('me', { name: 'Ana Maria Ruiz', phone: '5550100000', email: 'me@x.org' }),
    worker('w-2', { name: 'Ana Maria', phone: '1 555 010 2000', email: 'two@x.org' }),
    worker('w-3', { name: 'Maria Ruiz Vega', phone: '555 010 2000', email: 'TWO@x.org' }),
    worker('W-2', { name: 'Li', phone: '567-890-1234', email: 'n/a' }),
    worker('ME', { name: 'A B C D E', phone: '+44 20 7946 0018', email: 'me@x.org' }),
  );
  const me = workers.get('me');
  const found = (text) => [...othersData(text, workers, me)].map(({ what, worker: { id } }) => `${what} ${id}`);
  for (const [text, expected] of [
    ['two@X.org.', ['email address w-2']],
    ["'two@x.org'", ['email address w-2']],
    ['me@x.org ME n/a', []],
    ['(555)010-2000', ['phone number w-2']],
    ['1-555-010-2000', ['phone number w-2']],
    ['15550102000', ['phone number w-2']],
    ['25550102000', []],
    ['115550102000', []],
    ['55501020001', []],
    ['555  010 2000', []],
    ['5(555)010-2000', ['phone number w-2']],
    ['555-123-1567-890-1234', ['phone number W-2']],
    ['٥555-010-2000', ['phone number w-2']],
    ['see W-2, please', ['id w-2']],
    ['xw-2 w-2x', []],
    ['ana MARIA', ['name w-2']],
    ['Ana Maria Ruiz', []],
    ['Ana Maria Ruiz Vega', ['name w-3']],
    ['Ana 5 Maria', ['name w-2']],
    ['Li', []],
    ['A B C D E', []],
  ]) {
    assert.deepEqual(found(text), expected, text);
  }
});

test('social security numbers', () => {
  const looks = [
    '078-05-1121',
    'x078.05.1121.',
    '078 05 1121',
    '０７８‐０５‐1121',
    '\u{1d7ce}\u{1d7d7}\u{1d7f6}-12-3456',
    '0\u200b78-\u00ad05-1121',
    '078\t05\u30001121',
    '078-05-1121 -3',
    'ssn 987654321',
    'SSN:987654321',
    'Ss#987654321',
    'ss no 987654321',
    'Social\u00a0Security 987654321',
    '987654321 is my tax id',
    `ssn${' '.repeat(37)}987654321`,
    `987654321${' '.repeat(19)}taxpayer id`,
    `${'\u{1f600}'.repeat(37)}987654321 ssn`,
    `ssn${'\u{1f600}'.repeat(37)}987654321`,
    '123456789',
    '+123456789',
  ];
  const looksNot = [
    '',
    '078-05.1121',
    '1078-05-1121',
    '078-05-11212',
    '3-078-05-1121',
    '078-05-1121-3',
    '01 078 05 1121 22',
    '078\n05\n1121',
    '987654321',
    'ssn +987654321',
    'assn 987654321',
    'ssns 987654321',
    'ss note 987654321',
    `ssn${' '.repeat(38)}987654321`,
    `987654321${' '.repeat(20)}taxpayer id`,
    'ssn 9876543210',
    '1234567890',
  ];
  for (const text of looks) assert.ok(hasSocialSecurityNumber(text), text);
  for (const text of looksNot) assert.ok(!hasSocialSecurityNumber(text), text);
});

test('a bad line invalidates the roster', () => {
  const line = (members) => JSON.stringify(worker('w-1', members));
  for (const [text, expected] of [
    ['\n\u2028\n{', 'roster line 3: not valid JSON'],
    ['[]', 'roster line 1: not a JSON object'],
    ['{"worker_id":"w-1"}', 'roster line 1: missing field `name`'],
    [line({ worker_id: '' }), 'roster line 1: field `worker_id` must be a string that is not empty'],
    [line({ city: null }), 'roster line 1: field `city` must be a string'],
    [line({ roles: ['a', 1] }), 'roster line 1: field `roles` must be an array of strings'],
    [line({ active: 'yes' }), 'roster line 1: field `active` must be a boolean'],
    [line({ excluded_clients: {} }), 'roster line 1: field `excluded_clients` must be an array of strings'],
    [
      line({ bookings: [{ date: '2026-02-30', start: '06:00', end: '07:00' }] }),
      'roster line 1: field `bookings` must be an array of bookings',
    ],
    [`${line()}\n${line()}`, 'roster line 2: worker `w-1` is listed twice'],
  ]) {
    assert.throws(() => parseRoster(bytes(text)), { message: expected });
  }
  assert.equal(parseRoster(bytes(`${line({ other: 1, bookings: null })}\r\n\n`)).size, 1);
});

test('hostile texts take linear time', () => {
  // Processor time, so that a busy machine does not fail the test.
  const began = process.cpuUsage();
  for (const unit of ['{{x', '[a ', '1', '1 ', '123-45-', '123456789 ', 'ss', 'a.', 'Ana ', '(555)']) {
    const text = unit.repeat(Math.floor(1e6 / unit.length));
    firstPlaceholder(text);
    hasSocialSecurityNumber(text);
    const workers = roster(worker('w-1'));
    [...othersData(text, workers, workers.get('w-1'))];
  }
  assert.ok(process.cpuUsage(began).user < 6e6);
});
