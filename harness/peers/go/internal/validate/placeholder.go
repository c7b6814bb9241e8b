package validate

import (
	"strings"

	"lakehouse.invalid/peer/internal/text"
)

// placeholders are the placeholders in brackets.
var placeholders = []struct {
	open, end string
	match     func(rest string) int
}{
	{"{{", "}}", matchFiller},
	{"{", "}", matchName},
	{"[", "]", matchName},
	{"<", ">", matchName},
}

var placeholderWords = []string{"TODO", "TBD", "FIXME"}

// maxPlaceholder is the maximum number of characters in a placeholder.
const maxPlaceholder = 40

// placeholder returns the first placeholder in s, or an empty text.
func placeholder(s string) string {
	for i := range len(s) {
		if p := placeholderAt(s, i); p != "" {
			return p
		}
	}
	return ""
}

func placeholderAt(s string, i int) string {
	rest := s[i:]
	switch rest[0] {
	case '{', '[', '<':
		for _, p := range placeholders {
			inner, ok := strings.CutPrefix(rest, p.open)
			if !ok {
				continue
			}
			if n := p.match(inner); n > 0 && strings.HasPrefix(inner[n:], p.end) {
				return rest[:len(p.open)+n+len(p.end)]
			}
		}
	case 'T', 'F':
		if i > 0 && text.IsAlnum(s[i-1]) {
			return ""
		}
		for _, word := range placeholderWords {
			behind, ok := strings.CutPrefix(rest, word)
			if ok && (behind == "" || !text.IsAlnum(behind[0])) {
				return word
			}
		}
	}
	return ""
}

// matchFiller returns the length in bytes of the 1 to 40 characters between
// double braces, and 0 when there are none or too many.
func matchFiller(s string) int {
	count := 0
	for i, r := range s {
		if strings.ContainsRune("{}\n\r", r) {
			return i
		}
		if count++; count > maxPlaceholder {
			return 0
		}
	}
	return len(s)
}

// matchName returns the length of the name at the start of s, and 0 when there
// is none or it is too long.
func matchName(s string) int {
	n := 0
	for n < len(s) && (text.IsAlnum(s[n]) || s[n] == '_' || s[n] == ' ') {
		n++
	}
	if n == 0 || n > maxPlaceholder || s[0] == ' ' || text.IsDigit(s[0]) {
		return 0
	}
	return n
}
