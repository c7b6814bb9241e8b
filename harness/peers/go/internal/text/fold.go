package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folded is a folded text that remembers where its characters came from.
type Folded struct {
	// Runes are the folded characters.
	Runes    []rune
	original string
	// The offsets in the original of the character that each rune came from,
	// and of the one behind it.
	from, to []int
}

// NewFolded folds s.
func NewFolded(s string) Folded { return newFolded(s, appendFolded) }

// NewPlain folds s, but keeps capitals, line breaks, and the marks of
// quotations that are placeholders as well.
func NewPlain(s string) Folded { return newFolded(s, appendPlain) }

func newFolded(s string, appendTo func(dst []rune, r rune) []rune) Folded {
	f := Folded{
		Runes:    make([]rune, 0, len(s)),
		original: s,
		from:     make([]int, 0, len(s)),
		to:       make([]int, 0, len(s)),
	}
	for at, r := range s {
		f.Runes = appendTo(f.Runes, r)
		for len(f.from) < len(f.Runes) {
			f.from = append(f.from, at)
			f.to = append(f.to, at+utf8.RuneLen(r))
		}
	}
	return f
}

// Original returns the part of the original that the runes from i up to j came
// from; i must be less than j.
func (f Folded) Original(i, j int) string { return f.original[f.from[i]:f.to[j-1]] }

// Fold folds s.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var buffer [8]rune
	for _, r := range s {
		for _, folded := range appendFolded(buffer[:0], r) {
			b.WriteRune(folded)
		}
	}
	return b.String()
}

// Capitals reports for each byte of the folded s whether it came from a
// capital.
func Capitals(s string) []bool {
	capitals := make([]bool, 0, len(s))
	var buffer [8]rune
	for _, r := range s {
		isCapital := !unicode.Is(later, r) && unicode.ToLower(r) != r
		for _, folded := range appendFolded(buffer[:0], r) {
			for range utf8.RuneLen(folded) {
				capitals = append(capitals, isCapital)
			}
		}
	}
	return capitals
}

// Squeezed folds s, replaces runs of spaces by one space, and removes spaces
// at both ends.
func Squeezed(s string) string {
	words := strings.FieldsFunc(Fold(s), func(r rune) bool { return r == ' ' })
	return strings.Join(words, " ")
}

// Same reports whether a and b are the same text.
func Same(a, b string) bool { return a == b || Squeezed(a) == Squeezed(b) }

// AnySame reports whether one of list is the same text as s.
func AnySame(list []string, s string) bool {
	return slices.ContainsFunc(list, func(item string) bool { return Same(item, s) })
}

// appendFolded appends the characters that r folds to.
func appendFolded(dst []rune, r rune) []rune {
	switch {
	case r < utf8.RuneSelf:
		return append(dst, foldASCII(r))
	case unicode.Is(later, r):
		return append(dst, r)
	}
	if to, ok := table[r]; ok {
		return append(dst, []rune(to)...)
	}
	for _, part := range norm.NFKD.String(string(r)) {
		dst = appendPart(dst, part, false)
	}
	return dst
}

// appendPlain appends the characters of the plain text of r.
func appendPlain(dst []rune, r rune) []rune {
	switch r {
	case '\n', '\v', '\f', '\r', 0x85, 0x2028, 0x2029:
		return append(dst, '\n')
	case '«', '»', '‹', '›':
		return append(dst, r)
	case '【':
		return append(dst, '[')
	case '】':
		return append(dst, ']')
	}
	switch {
	case 'A' <= r && r <= 'Z':
		return append(dst, r)
	case r < utf8.RuneSelf, unicode.Is(later, r):
		return appendFolded(dst, r)
	}
	if to, ok := table[r]; ok {
		return append(dst, []rune(to)...)
	}
	for _, part := range norm.NFKD.String(string(r)) {
		dst = appendPart(dst, part, true)
	}
	return dst
}

// appendPart appends what a character of a decomposition folds to.
func appendPart(dst []rune, r rune, keepsCapitals bool) []rune {
	if to, ok := table[r]; ok {
		return append(dst, []rune(to)...)
	}
	if unicode.In(r, unicode.M, unicode.Cf) {
		return dst
	}
	if digit, ok := decimal(r); ok {
		return append(dst, digit)
	}
	if keepsCapitals && 'A' <= r && r <= 'Z' {
		return append(dst, r)
	}
	r = unicode.ToLower(r)
	if to, ok := table[r]; ok {
		return append(dst, []rune(to)...)
	}
	return append(dst, r)
}

// foldASCII is the shortcut for most characters.
func foldASCII(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case '\t' <= r && r <= '\r':
		return ' '
	case r == '`':
		return '\''
	}
	return r
}

// decimal returns the ASCII digit of a decimal digit. The digits of a script
// are consecutive and begin with zero.
func decimal(r rune) (rune, bool) {
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10, true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10, true
		}
	}
	return 0, false
}
