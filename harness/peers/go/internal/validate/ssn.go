package validate

import (
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/text"
)

// noSSN fails when a text contains a likely social security number. The
// failure never prints the number.
func (c *checker) noSSN(name, value string) {
	if hasSSN(value) {
		c.fail(Policy, "%s has what looks like a social security number", name)
	}
}

// ssnDigits are the first characters of the runs of ten digits that are
// folded.
var ssnDigits = []rune{0xff10, 0x0660, 0x06f0, 0x0966, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6}

// ssnFold returns the character that a character is folded to; -1 drops it.
func ssnFold(r rune) rune {
	if r < 0x80 {
		if r == '\t' {
			return ' '
		}
		return r
	}
	for _, zero := range ssnDigits {
		if zero <= r && r <= zero+9 {
			return '0' + r - zero
		}
	}
	switch {
	case 0x2010 <= r && r <= 0x2015, r == 0x2212, r == 0xfe58, r == 0xfe63, r == 0xff0d:
		return '-'
	case r == 0x2024, r == 0xff0e:
		return '.'
	case r == 0xa0, r == 0x1680, 0x2000 <= r && r <= 0x200a, r == 0x202f, r == 0x205f, r == 0x3000:
		return ' '
	case r == 0xad, 0x200b <= r && r <= 0x200d, r == 0x2060, r == 0xfeff:
		return -1
	}
	return r
}

var ssnExamples = []string{"078051120", "219099999", "457555462", "123456789"}

func hasSSN(value string) bool {
	if strings.IndexFunc(value, func(r rune) bool { return text.IsDigit(ssnFold(r)) }) < 0 {
		return false
	}
	s := folded(strings.Map(ssnFold, value))
	for i := range s {
		if s.digit(i) && !s.digit(i-1) && (s.grouped(i) || s.nine(i)) {
			return true
		}
	}
	return false
}

// folded is a folded text; positions beyond its ends have no character.
type folded []rune

func (s folded) at(i int) rune {
	if i < 0 || i >= len(s) {
		return -1
	}
	return s[i]
}

func (s folded) digit(i int) bool { return text.IsDigit(s.at(i)) }

func (s folded) digits(i, n int) bool {
	for j := i; j < i+n; j++ {
		if !s.digit(j) {
			return false
		}
	}
	return true
}

// grouped reports whether 3, 2 and 4 digits with separators begin at i and are
// not part of a longer grouped number.
func (s folded) grouped(i int) bool {
	sep := s.at(i + 3)
	if sep != '-' && sep != '.' && sep != ' ' || s.at(i+6) != sep {
		return false
	}
	if !s.digits(i, 3) || !s.digits(i+4, 2) || !s.digits(i+7, 4) || s.digit(i+11) {
		return false
	}
	longer := s.at(i-1) == sep && s.digit(i-2) || s.at(i+11) == sep && s.digit(i+12)
	return !longer
}

// nine reports whether exactly nine digits begin at i, and are an example or
// have one of the words near them.
func (s folded) nine(i int) bool {
	if !s.digits(i, 9) || s.digit(i+9) {
		return false
	}
	if slices.Contains(ssnExamples, string(s[i:i+9])) {
		return true
	}
	if s.at(i-1) == '+' {
		return false
	}
	for j := max(i-40, 0); j < i; j++ {
		if s.word(j) {
			return true
		}
	}
	for j := i + 9; j < min(i+29, len(s)); j++ {
		if s.word(j) {
			return true
		}
	}
	return false
}

// ssnWords are the words that mark a number of nine digits as suspect; no
// letter may follow a whole one.
var ssnWords = []struct {
	word  string
	whole bool
}{
	{"ssn", true}, {"ss no", true}, {"ss#", false}, {"social security", false}, {"social sec", false},
	{"soc sec", false}, {"tax id", false}, {"taxpayer id", false},
}

// word reports whether one of the words begins at i.
func (s folded) word(i int) bool {
	if text.IsLetter(s.at(i - 1)) {
		return false
	}
	for _, w := range ssnWords {
		if s.same(i, w.word) && !(w.whole && text.IsLetter(s.at(i+len(w.word)))) {
			return true
		}
	}
	return false
}

func (s folded) same(i int, word string) bool {
	for j := range len(word) {
		r := s.at(i + j)
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		if r != rune(word[j]) {
			return false
		}
	}
	return true
}
