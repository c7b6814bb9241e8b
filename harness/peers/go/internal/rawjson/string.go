package rawjson

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns the text of a string, and an empty text for anything else. An
// escape of a lone surrogate is read as U+FFFD.
func (v Value) Text() string {
	if v.Kind() != String {
		return ""
	}
	return unquote(v.raw)
}

// TextIs reports whether v is a string with that text.
func (v Value) TextIs(text string) bool {
	if v.Kind() != String {
		return false
	}
	if bytes.IndexByte(v.raw, '\\') >= 0 {
		return unquote(v.raw) == text
	}
	return string(v.raw[1:len(v.raw)-1]) == text
}

func unquote(raw []byte) string {
	raw = raw[1 : len(raw)-1]
	i := bytes.IndexByte(raw, '\\')
	if i < 0 {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for ; i >= 0; i = bytes.IndexByte(raw, '\\') {
		out = append(out, raw[:i]...)
		c := raw[i+1]
		if c != 'u' {
			out = append(out, unescape(c))
			raw = raw[i+2:]
			continue
		}
		r := unit(raw[i+2:])
		raw = raw[i+6:]
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if len(raw) >= 6 && raw[0] == '\\' && raw[1] == 'u' {
				pair = utf16.DecodeRune(r, unit(raw[2:]))
			}
			if pair != utf8.RuneError {
				raw = raw[6:]
			}
			r = pair
		}
		out = utf8.AppendRune(out, r)
	}
	return string(append(out, raw...))
}

// unit returns the UTF-16 code unit of four hexadecimal digits.
func unit(hex []byte) rune {
	n, _ := strconv.ParseUint(string(hex[:4]), 16, 16)
	return rune(n)
}

func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
