package rawjson

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

// scan reads the value that begins at text[i], after optional white space. It
// keeps its own stack, so only the text bounds the nesting. seen may be nil.
func scan(text []byte, i int, seen memo) (span, bool) {
	var stack []frame
	fail := func() (span, bool) {
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
				if i, ok = scanKey(text, i); !ok {
					return fail()
				}
			}
			continue
		default:
			end, ok := scanScalar(text, i)
			if !ok {
				return fail()
			}
			i = end
		}
		// A value has ended: close the frames that end with it, until another
		// value begins.
		for {
			if len(stack) == 0 {
				return span{i, height}, true
			}
			top := &stack[len(stack)-1]
			top.height = max(top.height, height)
			i = skipSpace(text, i)
			if i == len(text) {
				return fail()
			}
			open := text[top.start]
			if text[i] == ',' {
				i++
				if open == '{' {
					var ok bool
					if i, ok = scanKey(text, skipSpace(text, i)); !ok {
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
func scanKey(text []byte, i int) (int, bool) {
	if i == len(text) || text[i] != '"' {
		return i, false
	}
	i, ok := scanString(text, i)
	if !ok {
		return i, false
	}
	i = skipSpace(text, i)
	if i == len(text) || text[i] != ':' {
		return i, false
	}
	return i + 1, true
}

func scanScalar(text []byte, i int) (int, bool) {
	switch c := text[i]; {
	case c == '"':
		return scanString(text, i)
	case c == '-' || isDigit(c):
		return scanNumber(text, i)
	case c == 't':
		return scanWord(text, i, "true")
	case c == 'f':
		return scanWord(text, i, "false")
	case c == 'n':
		return scanWord(text, i, "null")
	}
	return i, false
}

func scanWord(text []byte, i int, word string) (int, bool) {
	end := i + len(word)
	if end > len(text) || string(text[i:end]) != word {
		return i, false
	}
	return end, true
}

func scanString(text []byte, i int) (int, bool) {
	for i++; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return i + 1, true
		case c < 0x20:
			return i, false
		case c != '\\':
			continue
		}
		i++
		if i == len(text) {
			return i, false
		}
		switch text[i] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		case 'u':
			if i+4 >= len(text) {
				return i, false
			}
			for _, c := range text[i+1 : i+5] {
				if !isHex(c) {
					return i, false
				}
			}
			i += 4
		default:
			return i, false
		}
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
