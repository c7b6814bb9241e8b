package rawjson

import "strings"

// span is the end of a scanned value and the number of levels that it nests; a
// scalar nests none. An end of 0 marks an incomplete value.
type span struct {
	end    int
	height int32
}

// frame is an array or object that is still open.
type frame struct {
	start  int32
	height int32
}

// memo keeps the outcome of every object that a scan has entered. The text
// before an offset does not affect whether a complete object begins there, so
// no later scan has to enter it again.
type memo map[int]span

// Want is what the grammar wants where a text leaves it.
type Want byte

// The elements that a text may lack.
const (
	WantValue Want = iota
	WantName
	WantColon
	WantNext // a comma or a closing bracket
	WantCharacter
	WantEscape
)

// Fault is the place at which a text leaves the grammar: that of the first
// character which cannot continue the value. For a word, a number or an escape
// it is the place of the first character of the whole, unless the text ends in
// it.
type Fault struct {
	At   int
	Want Want
}

// scanner reads values. It keeps its own stack, so only the text bounds the
// nesting.
type scanner struct {
	rawControls bool  // whether strings may have raw control characters
	seen        memo  // may be nil
	fault       Fault // of the last scan, unless it ended at an object of seen
}

// scan reads the value that begins at text[i], after optional white space.
func scan(text []byte, i int, seen memo) (span, bool) {
	s := scanner{seen: seen}
	return s.scan(text, i)
}

func (s *scanner) scan(text []byte, i int) (span, bool) {
	var stack []frame
	seen := s.seen
	want := WantValue
	fail := func() (span, bool) {
		s.fault = Fault{At: i, Want: want}
		// Later scans begin after the outermost value and cannot meet it.
		for i := 1; seen != nil && i < len(stack); i++ {
			if start := int(stack[i].start); text[start] == '{' {
				seen[start] = span{}
			}
		}
		return span{}, false
	}
	for {
		var height int32
		want = WantValue
		i = skipSpace(text, i)
		if i == len(text) {
			return fail()
		}
		switch c := text[i]; c {
		case '{', '[':
			if known, ok := seen[i]; ok && c == '{' {
				if known.end == 0 {
					return fail()
				}
				i, height = known.end, known.height
				break
			}
			stack = append(stack, frame{start: int32(i)})
			i = skipSpace(text, i+1)
			if i < len(text) && text[i] == c+2 {
				// Empty; the loop below does the bookkeeping.
				break
			}
			if c == '{' {
				var ok bool
				if i, want, ok = s.scanKey(text, i); !ok {
					return fail()
				}
			}
			continue
		default:
			var ok bool
			if i, want, ok = s.scanScalar(text, i); !ok {
				return fail()
			}
		}
		// A value has ended: close the frames that end with it, until another
		// value begins.
		for {
			if len(stack) == 0 {
				return span{i, height}, true
			}
			top := &stack[len(stack)-1]
			top.height = max(top.height, height)
			want = WantNext
			i = skipSpace(text, i)
			if i == len(text) {
				return fail()
			}
			open := text[top.start]
			if text[i] == ',' {
				i++
				if open == '{' {
					var ok bool
					if i, want, ok = s.scanKey(text, skipSpace(text, i)); !ok {
						return fail()
					}
				}
				break
			}
			if text[i] != open+2 {
				return fail()
			}
			i++
			height = top.height + 1
			if seen != nil && open == '{' {
				seen[int(top.start)] = span{i, height}
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// scanKey reads a member's name and the colon after it.
func (s *scanner) scanKey(text []byte, i int) (int, Want, bool) {
	if i == len(text) || text[i] != '"' {
		return i, WantName, false
	}
	i, want, ok := s.scanString(text, i)
	if !ok {
		return i, want, false
	}
	i = skipSpace(text, i)
	if i == len(text) || text[i] != ':' {
		return i, WantColon, false
	}
	return i + 1, WantValue, true
}

func (s *scanner) scanScalar(text []byte, i int) (int, Want, bool) {
	c := text[i]
	if c == '"' {
		return s.scanString(text, i)
	}
	var end int
	var ok bool
	switch {
	case c == '-' || isDigit(c):
		end, ok = scanNumber(text, i)
	case c == 't':
		end, ok = scanWord(text, i, "true")
	case c == 'f':
		end, ok = scanWord(text, i, "false")
	case c == 'n':
		end, ok = scanWord(text, i, "null")
	}
	if !ok && end < len(text) {
		end = i
	}
	return end, WantValue, ok
}

// scanWord returns, for a word that is not there, the end of the text if only
// that cuts it off.
func scanWord(text []byte, i int, word string) (int, bool) {
	rest := string(text[i:min(i+len(word), len(text))])
	if !strings.HasPrefix(word, rest) {
		return i, false
	}
	return i + len(rest), rest == word
}

// scanString returns, for a broken string, where it is broken.
func (s *scanner) scanString(text []byte, i int) (int, Want, bool) {
	for i++; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return i + 1, WantValue, true
		case c < 0x20 && !s.rawControls:
			return i, WantCharacter, false
		case c != '\\':
			continue
		}
		end, ok := scanEscape(text, i)
		if !ok {
			if end < len(text) {
				end = i
			}
			return end, WantEscape, false
		}
		i = end - 1
	}
	return i, WantCharacter, false
}

// scanEscape reads the escape that begins with the backslash at text[i].
func scanEscape(text []byte, i int) (int, bool) {
	i++
	if i == len(text) {
		return i, false
	}
	switch text[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1, true
	case 'u':
		start := i + 1
		for i = start; i < len(text) && i < start+4 && isHex(text[i]); i++ {
		}
		return i, i == start+4
	}
	return i, false
}

func scanNumber(text []byte, i int) (int, bool) {
	if text[i] == '-' {
		i++
	}
	switch {
	case i < len(text) && text[i] == '0':
		i++
	default:
		var ok bool
		if i, ok = scanDigits(text, i); !ok {
			return i, false
		}
	}
	if i < len(text) && text[i] == '.' {
		var ok bool
		if i, ok = scanDigits(text, i+1); !ok {
			return i, false
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		return scanDigits(text, i)
	}
	return i, true
}

// scanDigits reads one or more digits.
func scanDigits(text []byte, i int) (int, bool) {
	start := i
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i, i > start
}

func skipSpace(text []byte, i int) int {
	for i < len(text) && isSpace(text[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
