package sessionlog

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/validate"
)

// masked returns the record as it is kept: without social security numbers.
func (r *Record) masked() *Record {
	kept := *r
	kept.Prompt = maskText(r.Prompt)
	if r.Error != nil {
		text := maskText(*r.Error)
		kept.Error = &text
	}
	kept.Attempts = make([]Attempt, len(r.Attempts))
	for i, a := range r.Attempts {
		a.Raw = maskText(a.Raw)
		if a.Error != nil {
			failure := *a.Error
			failure.Field, failure.Reason = maskText(failure.Field), maskText(failure.Reason)
			a.Error = &failure
		}
		kept.Attempts[i] = a
	}
	return &kept
}

// maskText masks a text in which JSON escapes are read as what they stand for.
func maskText(s string) string { return maskAfter("", s) }

// maskAfter masks a text that stands after a member's name.
func maskAfter(name, s string) string {
	before := ""
	if name != "" {
		before = unescape(name) + ": "
	}
	whole := before + unescape(s)
	masked := validate.MaskSSNs(whole)
	if masked == whole {
		return s
	}
	// Both have the same number of characters.
	plain, hidden := []rune(whole), []rune(masked)
	at := utf8.RuneCountInString(before)
	var b strings.Builder
	for rest := s; rest != ""; at++ {
		_, n := nextCharacter(rest)
		if hidden[at] == plain[at] {
			b.WriteString(rest[:n])
		} else {
			b.WriteRune(hidden[at])
		}
		rest = rest[n:]
	}
	return b.String()
}

// unescape reads the JSON escapes of a text.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for s != "" {
		r, n := nextCharacter(s)
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}

// nextCharacter returns the character that s begins with, which may be written
// as an escape, and its length in bytes.
func nextCharacter(s string) (rune, int) {
	if s[0] != '\\' || len(s) < 2 {
		return utf8.DecodeRuneInString(s)
	}
	if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), 2
	}
	unit, ok := codeUnit(s)
	switch {
	case !ok:
		return '\\', 1
	case !utf16.IsSurrogate(unit):
		return unit, 6
	}
	if low, ok := codeUnit(s[6:]); ok {
		if r := utf16.DecodeRune(unit, low); r != utf8.RuneError {
			return r, 12
		}
	}
	return utf8.RuneError, 6
}

// codeUnit reads the escape `\uXXXX` that s begins with.
func codeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` || strings.ContainsAny(s[2:6], "+-_") {
		return 0, false
	}
	unit, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(unit), err == nil
}

// appendMasked appends an object with the numbers in its names and values
// masked.
func appendMasked(dst []byte, object rawjson.Value) []byte {
	text := object.AppendCompact(nil)
	var names []string // of the innermost member, for each open container
	name := func() string {
		if len(names) == 0 {
			return ""
		}
		return names[len(names)-1]
	}
	for len(text) > 0 {
		n := tokenLength(text)
		token := string(text[:n])
		text = text[n:]
		switch c := token[0]; {
		case c == '{' || c == '[':
			names = append(names, name())
			dst = append(dst, c)
		case c == '}' || c == ']':
			names = names[:len(names)-1]
			dst = append(dst, c)
		case c == '"':
			inside := token[1 : n-1]
			kept := ""
			if bytes.HasPrefix(text, []byte(":")) {
				names[len(names)-1] = inside
				kept = maskText(inside)
			} else {
				kept = maskAfter(name(), inside)
			}
			dst = append(append(append(dst, '"'), kept...), '"')
		case c == '-' || '0' <= c && c <= '9':
			if kept := maskAfter(name(), token); kept != token {
				dst = rawjson.AppendString(dst, kept)
				continue
			}
			dst = append(dst, token...)
		default:
			dst = append(dst, token...)
		}
	}
	return dst
}

// tokenLength returns the length of the token that a compact JSON text begins
// with.
func tokenLength(text []byte) int {
	switch c := text[0]; {
	case c == '"':
		for i := 1; ; i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case c == '-' || '0' <= c && c <= '9':
		if n := bytes.IndexAny(text, ",]}"); n > 0 {
			return n
		}
		return len(text)
	}
	return 1
}
