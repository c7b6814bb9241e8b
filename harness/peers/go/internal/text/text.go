// Package text folds texts, and defines the contract's white space and letters.
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

// IsDigit reports whether c is an ASCII digit.
func IsDigit[T byte | rune](c T) bool { return '0' <= c && c <= '9' }

// IsLetter reports whether c is an ASCII letter.
func IsLetter[T byte | rune](c T) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// IsAlnum reports whether c is an ASCII letter or digit.
func IsAlnum[T byte | rune](c T) bool { return IsDigit(c) || IsLetter(c) }

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
