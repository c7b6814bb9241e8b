/** The data of the contract's folding of text, in its order. */

/** What characters fold to, and these characters as a class of a pattern. */
const ROWS = [
  [
    '-',
    '\u02d7\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2796\u2e17\u2e1a\u2e3a\u2e3b' +
      '\u2e40\u2e5d\u301c\u3030\u30a0\u{10ead}',
  ],
  [
    "'",
    '\u0060\u00b4\u02b9\u02bb-\u02bd\u02c8\u02ca\u02cb\u055a\u05f3\u07f4\u07f5\u1fbd\u1fbf' +
      '\u1ffd\u1ffe\u2018-\u201b\u2032\u2035\u2039\u203a\u275b\u275c\u275f\ua78b\ua78c',
  ],
  [
    '"',
    '\u00ab\u00bb\u02ba\u02ee\u05f4\u201c-\u201f\u2033\u2036\u275d\u275e\u2760\u276e\u276f' +
      '\u301d-\u301f\u{1f676}-\u{1f678}',
  ],
  [' ', '\u0009-\u000d\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000'],
  ['/', '\u2044\u2215\u29f8'],
  ['.', '\u3002'],
  ['', '\u115f\u1160'],
  ['0', '\u24ff\u{1f10b}\u{1f10c}'],
  ['ss', '\u00df'],
  ['ae', '\u00e6'],
  ['oe', '\u0153'],
  ['th', '\u00fe'],
  ['b', '\u0180\u0253'],
  ['d', '\u00f0\u0111\u0256\u0257'],
  ['e', '\u0247\u025b'],
  ['g', '\u01e5'],
  ['h', '\u0127'],
  ['j', '\u0249'],
  ['n', '\u014b'],
  ['i', '\u0131\u0268'],
  ['k', '\u0138\u0199'],
  ['l', '\u0142\u019a'],
  ['o', '\u00f8\u0254'],
  ['r', '\u024d'],
  ['t', '\u0167'],
  ['u', '\u0289'],
  ['z', '\u01b6'],
  ['y', '\u024f\u01b4'],
  ['σ', '\u03c2'],
];

/** The ones of the runs of digits from one to nine that do not decompose. */
const ONES = [0x24f5, 0x2776, 0x2780, 0x278a];

/** @type {Map<string, string>} */
export const TABLE = new Map([
  ...ROWS.flatMap(([to, characters]) => members(characters).map((character) => [character, to])),
  ...ONES.flatMap((one) =>
    Array.from({ length: 9 }, (_, at) => [String.fromCodePoint(one + at), String(at + 1)]),
  ),
]);

/** Characters that were assigned after Unicode 14.0 and stay as they are. */
export const LATER = new RegExp(
  '[' +
    '\\u0558\\u058b-\\u058c\\u0897\\u0cf3\\u0ece\\u1acf-\\u1add\\u1ae0-\\u1aeb\\u1c89' +
    '\\u209d-\\u209f\\ua7cb-\\ua7cc\\ua7ce\\ua7d2\\ua7d4\\ua7da\\ua7dc\\ua7f1\\u{105c9}' +
    '\\u{105e4}\\u{107bb}-\\u{107bf}\\u{10d40}-\\u{10d49}\\u{10d50}-\\u{10d65}' +
    '\\u{10d69}-\\u{10d6e}\\u{10efa}-\\u{10eff}\\u{11241}\\u{11383}\\u{11385}\\u{1138e}' +
    '\\u{11391}\\u{113b8}-\\u{113c0}\\u{113c2}\\u{113c5}\\u{113c7}-\\u{113ca}' +
    '\\u{113cc}-\\u{113d0}\\u{113d2}\\u{113e1}-\\u{113e2}\\u{116d0}-\\u{116e3}' +
    '\\u{11b60}-\\u{11b67}\\u{11bf0}-\\u{11bf9}\\u{11de0}-\\u{11de9}\\u{11f00}-\\u{11f01}' +
    '\\u{11f03}\\u{11f34}-\\u{11f3a}\\u{11f3e}-\\u{11f42}\\u{11f50}-\\u{11f5a}' +
    '\\u{13439}-\\u{13440}\\u{13447}-\\u{13455}\\u{1611e}-\\u{16139}\\u{16d68}-\\u{16d6a}' +
    '\\u{16d70}-\\u{16d79}\\u{16ea0}-\\u{16eb8}\\u{1b123}-\\u{1b126}\\u{1ccd6}-\\u{1ccf9}' +
    '\\u{1d6a6}\\u{1df95}\\u{1dfcd}-\\u{1dfff}\\u{1e030}-\\u{1e06d}\\u{1e08f}' +
    '\\u{1e4ec}-\\u{1e4f9}\\u{1e5ee}-\\u{1e5ef}\\u{1e5f1}-\\u{1e5fa}\\u{1e6e3}\\u{1e6e6}' +
    '\\u{1e6ee}-\\u{1e6ef}\\u{1e6f5}' +
    ']',
  'u',
);

/** The characters of a class that has single characters and ranges only. */
function members(characters) {
  const points = [...characters];
  const found = [];
  for (let at = 0; at < points.length; at += 1) {
    const first = points[at].codePointAt(0);
    const isRange = points[at + 1] === '-' && at + 2 < points.length;
    const last = isRange ? points[at + 2].codePointAt(0) : first;
    for (let point = first; point <= last; point += 1) found.push(String.fromCodePoint(point));
    if (isRange) at += 2;
  }
  return found;
}
