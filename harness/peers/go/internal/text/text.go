// Package text defines the contract's white space and "the same text".
package text

import "strings"

// IsSpace reports whether r is white space.
func IsSpace(r rune) bool {
	switch {
	case 0x09 <= r && r <= 0x0d, 0x2000 <= r && r <= 0x200a:
		return true
	}
	switch r {
	case 0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000:
		return true
	}
	return false
}

// Blank reports whether s has only white space.
func Blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !IsSpace(r) }) < 0
}

// Lower lowers the ASCII letters of s; nothing else is folded.
func Lower(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				b[i] = LowerByte(b[i])
			}
			return string(b)
		}
	}
	return s
}

// LowerByte lowers an ASCII letter.
func LowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Same reports whether a and b are the same text.
func Same(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if LowerByte(a[i]) != LowerByte(b[i]) {
			return false
		}
	}
	return true
}

// AnySame reports whether one of list is the same text as s.
func AnySame(list []string, s string) bool {
	for _, item := range list {
		if Same(item, s) {
			return true
		}
	}
	return false
}

// IsDigit reports whether c is an ASCII digit.
func IsDigit[T byte | rune](c T) bool { return '0' <= c && c <= '9' }

// IsLetter reports whether c is an ASCII letter.
func IsLetter[T byte | rune](c T) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// IsAlnum reports whether c is an ASCII letter or digit.
func IsAlnum[T byte | rune](c T) bool { return IsDigit(c) || IsLetter(c) }

// NameWords returns the words of a person's name, or of a text that is
// searched for names, in lower case.
func NameWords(s string) []string {
	s = strings.NewReplacer("\u2018", "'", "\u2019", "'").Replace(s)
	runs := strings.FieldsFunc(s, func(r rune) bool {
		return !(IsLetter(r) || r == '\'' || r == '-' || r >= 0x80 && !IsSpace(r) && !isMark(r))
	})
	words := runs[:0]
	for _, run := range runs {
		word := strings.TrimSuffix(Lower(strings.Trim(run, "'-")), "'s")
		if word != "" {
			words = append(words, word)
		}
	}
	return words
}

// isMark reports whether r is a quotation mark, a dash or an ellipsis, which
// are not part of words.
func isMark(r rune) bool {
	switch {
	case r == 0xab, r == 0xbb, r == 0x2026:
		return true
	default:
		return 0x2010 <= r && r <= 0x2017 || 0x201a <= r && r <= 0x201f
	}
}

// Runs calls visit with every longest run of bytes in the set, until visit
// returns false.
func Runs(s string, in func(c byte) bool, visit func(run string) bool) {
	for i := 0; i < len(s); i++ {
		if !in(s[i]) {
			continue
		}
		start := i
		for i < len(s) && in(s[i]) {
			i++
		}
		if !visit(s[start:i]) {
			return
		}
	}
}
