package extract

import (
	"bytes"
	"iter"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
)

// find is something found at a brace: a complete object, a broken one, or one
// that nests too deep.
type find struct {
	object  []byte // nil unless complete
	fault   rawjson.Fault
	tooDeep bool
}

// finds iterates over what a piece has. It takes linear time: the extents of
// broken objects do not overlap.
func finds(p []byte) iter.Seq[find] {
	return func(yield func(find) bool) {
		for i := 0; ; {
			next := bytes.IndexByte(p[i:], '{')
			if next < 0 {
				return
			}
			i += next
			source, depth, fault, complete := rawjson.Draft(p, i)
			var f find
			switch {
			case complete && depth > MaxDepth:
				f.tooDeep = true
				i = len(p)
			case complete:
				f.object = source
				i += len(source)
			case begun(p, i):
				f.fault = fault
				i += extent(p[i:])
			default:
				i++
				continue
			}
			if !yield(f) {
				return
			}
		}
	}
}

// begun reports whether the brace at p[i] begins a JSON object rather than
// prose.
func begun(p []byte, i int) bool {
	rest := skipBlanks(p[i+1:])
	r, _ := utf8.DecodeRune(rest)
	switch {
	case len(rest) == 0:
		return true
	case r == '"' && i > 0 && p[i-1] == '{':
		return namesMember(rest)
	case isQuote(r), r == '\\', r == ',', r == '#':
		return true
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")):
		return true
	}
	n := 0
	for n < len(rest) && isBareName(rest[n]) {
		n++
	}
	value, named := bytes.CutPrefix(skipBlanks(rest[n:]), []byte(":"))
	return n > 0 && named && !bytes.HasPrefix(skipBlanks(value), []byte("{"))
}

// namesMember reports whether a colon may follow the string that p begins
// with.
func namesMember(p []byte) bool {
	for i := 1; i < len(p); i++ {
		switch p[i] {
		case '\\':
			i++
		case '"':
			rest := skipBlanks(p[i+1:])
			return len(rest) == 0 || rest[0] == ':'
		}
	}
	return true
}

func isBareName(c byte) bool { return text.IsAlnum(c) || c == '_' || c == '$' }

// extent returns the length of the broken object that p begins with.
func extent(p []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(p)
}

func skipBlanks(p []byte) []byte { return bytes.TrimLeftFunc(p, isBlank) }

func isBlank(r rune) bool {
	return text.IsSpace(r) || 0x200b <= r && r <= 0x200d || r == 0x2060 || r == 0xfeff
}

func isQuote(r rune) bool { return r == '"' || isSingleQuote(r) || isTypographicQuote(r) }

func isSingleQuote(r rune) bool {
	return r == '\'' || r == '`' || r == 0xb4 || 0x2018 <= r && r <= 0x201b || r == 0xff07
}

func isTypographicQuote(r rune) bool {
	return r == 0xab || r == 0xbb || 0x201c <= r && r <= 0x201f || r == 0x2039 || r == 0x203a || r == 0xff02
}
