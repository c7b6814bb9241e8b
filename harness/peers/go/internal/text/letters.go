package text

import "unicode"

// IsLetterRune reports whether r, of a folded text, is a letter; capitals of
// ASCII count.
func IsLetterRune(r rune) bool {
	return IsLetter(r) || r >= 0xc0 && !unicode.Is(notLetters, r)
}

// IsWordRune reports whether r is a word of its own, because its script does
// not separate words by spaces.
func IsWordRune(r rune) bool { return r >= 0x3040 && unicode.Is(wordRunes, r) }

// notLetters has the characters from U+00C0 up that are not letters.
var notLetters = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00d7, 0x00d7, 1},
		{0x00f7, 0x00f7, 1},
		{0x02c2, 0x02df, 1},
		{0x037e, 0x037e, 1},
		{0x0387, 0x0387, 1},
		{0x055b, 0x055f, 1},
		{0x0589, 0x0589, 1},
		{0x060c, 0x060c, 1},
		{0x061b, 0x061b, 1},
		{0x061f, 0x061f, 1},
		{0x06d4, 0x06d4, 1},
		{0x0964, 0x0965, 1},
		{0x2000, 0x2bff, 1},
		{0x2e00, 0x2e7f, 1},
		{0x3000, 0x3004, 1},
		{0x3008, 0x3030, 1},
		{0x30fb, 0x30fb, 1},
		{0xe000, 0xf8ff, 1},
		{0xfe00, 0xfe6f, 1},
		{0xff00, 0xff65, 1},
		{0xffe0, 0xffff, 1},
	},
	R32: []unicode.Range32{{0x1f000, 0x1fbff, 1}},
}

var wordRunes = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x3040, 0x30fa, 1},
		{0x30fc, 0x30ff, 1},
		{0x3400, 0x9fff, 1},
		{0xf900, 0xfaff, 1},
	},
	R32: []unicode.Range32{{0x20000, 0x323af, 1}},
}
