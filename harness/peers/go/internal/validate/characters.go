package validate

import "unicode"

// forbidden are the characters that no text may have: controls other than tab,
// line feed and carriage return, and those that change the direction of text or
// hide it.
var forbidden = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00, 0x08, 1},
		{0x0b, 0x0c, 1},
		{0x0e, 0x1f, 1},
		{0x7f, 0x9f, 1},
		{0x202a, 0x202e, 1},
		{0x2066, 0x206f, 1},
		{0xfff9, 0xfffb, 1},
	},
	R32: []unicode.Range32{{0xe0000, 0xe007f, 1}},
}

// forbiddenInSubject are the characters that a subject may not have besides: a
// line break in a subject is a new header.
var forbiddenInSubject = &unicode.RangeTable{
	R16: []unicode.Range16{{0x09, 0x0a, 1}, {0x0d, 0x0d, 1}, {0x2028, 0x2029, 1}},
}

// noForbidden fails when a text has a forbidden character.
func (c *checker) noForbidden(name, value string) {
	for _, r := range value {
		if unicode.Is(forbidden, r) || name == "subject" && unicode.Is(forbiddenInSubject, r) {
			c.fail(Completeness, "%s has the forbidden character U+%04X", name, r)
			return
		}
	}
}
