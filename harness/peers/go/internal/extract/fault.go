package extract

import (
	"bytes"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
)

// describe says what is wrong with a broken object of a piece, and where in
// the piece.
func describe(p []byte, f rawjson.Fault) (string, int) {
	rest := p[f.At:]
	if len(rest) == 0 {
		return "the text ends before the object does", f.At
	}
	r, _ := utf8.DecodeRune(rest)
	closes := r == '}' || r == ']'
	before := bytes.TrimRight(p[:f.At], " \t\n\r")
	last := before[len(before)-1]
	if closes && last == ',' && (f.Want == rawjson.WantName || f.Want == rawjson.WantValue) {
		return "trailing comma", len(before) - 1
	}
	return what(f.Want, r, rest, last, closes), f.At
}

func what(want rawjson.Want, r rune, rest []byte, last byte, closes bool) string {
	switch {
	case want == rawjson.WantEscape:
		return "unknown escape"
	case isTypographicQuote(r):
		return `typographic quotation mark, write "`
	case isSingleQuote(r):
		return `single quotation mark, write "`
	case r == '#', bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")):
		return "comment"
	case want == rawjson.WantName && (text.IsAlnum(rest[0]) || r == '_' || r == '$'):
		return "name without quotation marks"
	case want == rawjson.WantName:
		return "a name in quotation marks is expected"
	case want == rawjson.WantColon:
		return "a colon is expected"
	case want == rawjson.WantValue:
		return "a value is expected"
	case r == '"', r == '{', r == '[':
		return "a comma is expected"
	case closes:
		return "wrong closing bracket"
	case last == '"':
		return `unescaped quotation mark in the string before it, write \"`
	}
	return "a comma or a closing bracket is expected"
}
