import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneKey } from '../src/validate/address.mjs';
import { isNearClient, isSameClient, isTakenFor, readClient } from '../src/validate/client.mjs';
import { othersData } from '../src/validate/others_data.mjs';
import { firstPlaceholder } from '../src/validate/placeholder.mjs';
import { readings } from '../src/validate/readings.mjs';
import { parseRoster } from '../src/validate/roster.mjs';
import { hasSocialSecurityNumber, socialSecurityPlaces } from '../src/validate/social_security.mjs';
import { bytes, roster, worker } from '../testing/support.mjs';

test('readings', () => {
  for (const [text, ...others] of [
    ['a'],
    ['a&nbsp;b', 'a b'],
    ['<p>a</p><b>b</b>', ' a b'],
    ['&lt;b&gt;x', '<b>x', 'x'],
    ['&#65;&#x42;&#X43&eacute;&AElig;', 'ABCeae'],
    ['&#0;&#xD800;&foo;&'],
    ['%41%C3%A9%C3'],
    ['%41 %C3%A9 %zz', 'A é %zz'],
    ['a<!--x-->b<!--c', 'ab'],
    ['a < b <1> </x'],
    ['&amp;amp;', '&amp;', '&'],
    ['%2525252541', '%25252541', '%252541', '%2541', '%41'],
    ['&#00000065;%E9%20', 'A%E9%20'],
    ['&lt;b&gt;&amp;lt;i&amp;gt;', '<b>&lt;i&gt;', '<b><i>', '&lt;i&gt;', ''],
  ]) {
    assert.deepEqual(readings(text), [text, ...others]);
  }
});

test('placeholders', () => {
  for (const [text, expected] of [
    ['Hi {{name}} and [x]', '{{name}}'],
    ['{{{name}}}', '{{name}}'],
    ['{{}}', '{{}}'],
    ['{{a\nb}}', '{{a\nb}}'],
    ['{1} {123}', '{1}'],
    ['{123}', undefined],
    [`{{${'x'.repeat(201)}}}`, undefined],
    ['[YES] [x] [1] [Day 1]', undefined],
    ['[Name](https://a.b) [date][1]', undefined],
    ['[Name]', '[Name]'],
    ['[insert 1 name]', '[insert 1 name]'],
    ['<b> </b> <p>', undefined],
    ['<time>6</time>', undefined],
    ['<time>', '<time>'],
    ['xTODO TODO1 TODOs todo', undefined],
    ['DE TODO EL DIA', undefined],
    ['_TBD_', 'TBD'],
    ['FIXME: x', 'FIXME'],
    ['Hi undefined', 'undefined'],
    ['is null and void', undefined],
    ['Start: None', 'None'],
    ['Allergies: None', undefined],
    ['____', undefined],
    ['a ____', '____'],
    ['XXX-XX-1234 XXXL', undefined],
    ['Call XXX-XXX-XXXX', 'XXX-XXX-XXXX'],
    ['on MM/DD/YYYY', 'MM/DD/YYYY'],
    ['as MM/DD/YYYY (MM/DD)', undefined],
    ['phi , Hi ,', ' ,'],
    ['«gracias» «FirstName»', '«FirstName»'],
    ['<style>{a}</style>', undefined],
    ['&lt;name&gt;', '<name>'],
    ['｛ｎａｍｅ｝', '｛ｎａｍｅ｝'],
    ['%257Bname%257D', '{name}'],
    ['{SAVE10} <FALL2026> {LINE1}', '{LINE1}'],
    ['<Enter> {Tab} <F12> <Ctrl-C> press <Shift>, <Alt>+<End> <F13>', '<F13>'],
    ['see <End>', '<End>'],
    ['[Address] 4100 x\n - [End]: 2p | [Phone] (419) 555-0170', undefined],
    ['[Name] 419-555-0170', '[Name]'],
    ['[Date] 6:00', '[Date]'],
    ['Date ____ Signature: ..... X ____', undefined],
    ['Firme aqu\u00ed: ____, Sign by ____', '____'],
    ['size XXX, L/XL/XXX, XXX and XXXI, XXX-XXX', 'XXX-XXX'],
    ['I, XXX', 'XXX'],
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
    ['５５５–010\u00a01000', '5550101000'],
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
    ['mailto:two+x@x.org?y', ['email address w-2']],
    ['two (at) x dot org', ['email address w-2']],
    ['xtwo@x.org two@x.orgs a-two@x.org', []],
    ['me@x.org ME n/a', []],
    ['(555)010/2000', ['phone number w-2']],
    ['1 - 555 - 010 - 2000', ['phone number w-2']],
    ['0015550102000', ['phone number w-2']],
    ['55 50 10 20 00', ['phone number w-2']],
    ['+44 (0)20 7946 0018', ['phone number ME']],
    ['25550102000 55501020001 555x0102000', []],
    ['see W–2, please', ['id w-2']],
    ['a_w-2_b', ['id w-2']],
    ['xw-2 w-2x', []],
    ['ána MARIA', ['name w-2']],
    ['Maria, Ana', ['name w-2']],
    ['MARIA Ana', ['name w-2']],
    ['Ana Q. Maria', ['name w-2']],
    ['Ana y Maria. Ana 5 Maria', []],
    ['Ana Maria Ruiz', []],
    ['Ana Maria Ruiz Vega', ['name w-3']],
    ['<b>Ana</b>&nbsp;Maria', ['name w-2']],
    ['Li', []],
    ['A B C D E', ['name ME']],
    ['@anamaria @LiLi', ['name w-2']],
    ['x@anamaria #anamariax', []],
    ['/mariaruizvega', ['name w-3']],
    ['Ana Élise Maria', ['name w-2']],
    ['Ana Élise-Łucja Maria', ['name w-2']],
    ['Ana élise Maria. ANA ELISE MARIA. Ana De Maria', []],
    ['Ana Lu Maria Ruiz', []],
  ]) {
    assert.deepEqual(found(text), expected, text);
  }
});

test('social security numbers', () => {
  for (const [text, ...expected] of [
    ['123-45-6789', [0, 11]],
    ['a 123 - 45 - 6789 1985', [2, 17]],
    ['123-45-6789123-45-6789', [0, 11], [11, 22]],
    ['1123-45-6789 123-45-67890 123-45/6789 123,45.6789'],
    ['123,45,6789', [0, 11]],
    ['+123-45-6789'],
    ['+44 123 45 6789'],
    ['0044 123 45 6789'],
    ['+1 123 45 6789', [3, 14]],
    ['ssn 987654321', [4, 13]],
    ['ssna 987654321'],
    ['987654321 (ssn)', [0, 9]],
    ['social 987 654 321', [7, 18]],
    ['social media 987654321'],
    ['tax id 98-7654321'],
    ['tax id 987654321', [7, 16]],
    ['ssn, order no. 987654321'],
    ['ssn border 987654321', [11, 20]],
    ['ssn 987654321876543210', [4, 13], [13, 22]],
    ['ssn +987654321 9876543210'],
    ['ssn oh 43604-1517'],
    ['ssn me 43604-1517', [7, 17]],
    ['x078051120', [1, 10]],
    [`ssn${'.'.repeat(37)}987654321`, [40, 49]],
    [`ssn${'\u{1f600}'.repeat(37)}987654321`, [77, 86]],
    [`ssn${'.'.repeat(38)}987654321`],
    ['ssn one two three four five six seven eight nine', [4, 48]],
    ['ssn dos diecinueve 09 noventa y nueve noventa y ocho', [4, 52]],
    ['ssn one hundred and 200 3000'],
    ['ssn one two three four five six seven eight'],
    ['ssn l23-4s-6789', [4, 15]],
    ['ssn 2l9-09-1998', [4, 15]],
    ['ssn 219-oo-9998', [4, 15]],
    ['ssn sos-bo-9998'],
    ['ssn, order no. b12345678'],
    ['one two three four five six seven eight nine'],
  ]) {
    const found = socialSecurityPlaces(text).map(({ start, end }) => [start, end]);
    assert.deepEqual(found, expected, text);
  }
  assert.ok(hasSocialSecurityNumber('٤٠١&#45;57<b>-</b>3308'));
});

test('clients', () => {
  const relation = (excluded, asked) => {
    const [one, other] = [readClient(excluded), readClient(asked)];
    if (isSameClient(one, other)) return 'same';
    if (isTakenFor(one, other)) return 'taken';
    return isNearClient(one, other) ? 'near' : undefined;
  };
  for (const [excluded, asked, expected] of [
    ['Beacon Freight', 'The BEACON-Freight, Inc.™', 'same'],
    ['Smith & Sons', 'smith and sons co. llc', 'same'],
    ['LLC', 'llc', 'same'],
    ['A.B.C. Packaging GmbH & Co. KG', 'ABC Packaging', 'same'],
    ['Beacon Freight', 'Beacon Freight - Detroit', 'taken'],
    ['Beacon Freight', 'Becon Frieght', 'taken'],
    ['Acme', 'Acne', undefined],
    ['Beacon Freight', 'Beacon', 'near'],
    ['Beacon Freight', 'Harbor Freight', undefined],
    ['!', 'x', undefined],
  ]) {
    assert.equal(relation(excluded, asked), expected, `${excluded}, ${asked}`);
  }
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

/** Units of all that the rules look for; repeated, they make a text hostile. */
const HOSTILE = [
  ...['{', '{{', '{{a', '{%', '{#', '<%', '<?a', '${', '{ ', '[[', '[[a', '[%', '[a', '<a', '<time>', '*|a', '«', '<<'],
  ...['%%a', '%a%', '%(', '$a', '$(', '#a', '::a', '@@a', '__A', '~a', '(a', ' ', ' ,', 'a', 'a_', 'hi a_', 'Aa'],
  ...['hi NAME', '[object a', 'null ', ': null', '_', '_ ', 'a_a_', '___ ', ': ', ': .', 'date ___ ', '$XX', 'X', 'XX '],
  ...['XX-', '(XX)', 'XXX-', 'XXX, ', '#', '##.', 'mm/', 'TODO ', 'todo:', 'INSERT ', 'INSERT A ', 'YOUR_A', 'A_', 'A_A_'],
  ...['](', '](a', '](  ', 'Your name ', '<style>', '<style></style', '<script', '</time', '<!--', '&', '&a', '%25', '%FF'],
  ...['&#', '1', '1 ', '1-', '12 ', '123-45-6789', '+1', '+1 ', '$1,111', '1:11', 'ssn ', 's.', 'social ', 'one ', 'one and '],
  ...['ninety ', 'O1', 'o ', 'order ', '@', 'a@', '!a@b.', '.a@a.', ' at ', ' dot ', '(at)', '(0)', 'a-', '-', '_-', "a'", "'"],
  ...['Ana ', 'A. ', 'Ana,', '@anamaria', '/', '王', 'é', '\u{1f600}'],
];

test('hostile texts take little time', () => {
  // Processor time, so that a busy machine does not fail the test. Messages are searched up to
  // 10,000 characters, queries to the end.
  const began = process.cpuUsage();
  const workers = roster(worker('w-1'));
  for (const unit of ['{{x', '[a ', '1', '1 ', '123-45-', 'ssn 123456789 ', 'X', 'a_', 'a.', 'Ana ', '(555)']) {
    hasSocialSecurityNumber(unit.repeat(Math.floor(2e5 / unit.length)));
  }
  for (const unit of HOSTILE) {
    for (const end of ['x', '_HEREx\nsignature ___']) {
      const text = `ssn ]( { [object ${unit.repeat(Math.floor(1e4 / unit.length))}${end}`;
      firstPlaceholder(text);
      hasSocialSecurityNumber(text);
      [...othersData(text, workers, workers.get('w-1'))];
    }
  }
  // What takes quadratic time takes a second for one of them.
  assert.ok(process.cpuUsage(began).user < 20e6);
});
