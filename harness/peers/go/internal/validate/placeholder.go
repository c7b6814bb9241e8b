package validate

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// placeholder returns the first placeholder in a text as it is written, or an
// empty text. Texts are searched as written and decoded.
func placeholder(s string) string {
	if p := placeholderIn(s); p != "" {
		return p
	}
	if decoded := decode(s); decoded != s {
		return placeholderIn(decoded)
	}
	return ""
}

func placeholderIn(reading string) string {
	folded := text.NewPlain(reading)
	s := string(folded.Runes)
	p := plain{s, codeRegions(s)}
	best := run{len(p.s), 0}
	for _, f := range forms {
		if m, ok := p.first(f, best.start); ok {
			best = m
		}
	}
	if best.end == 0 {
		return ""
	}
	at := utf8.RuneCountInString(s[:best.start])
	return folded.Original(at, at+utf8.RuneCountInString(s[best.start:best.end]))
}

// plain is the plain text of a reading.
type plain struct {
	s string
	// code are the parts with style sheets and scripts, where nothing begins.
	code []run
}

// match is what a form's pattern found.
type match struct {
	s          string
	start, end int
	// group is the first group that took part, or empty.
	group string
}

// first returns the first match of a form that begins before limit.
func (p plain) first(f form, limit int) (run, bool) {
	for from := 0; from < limit; {
		m := f.pattern.FindStringSubmatchIndex(p.s[from:])
		if m == nil || from+m[0] >= limit {
			return run{}, false
		}
		found := match{s: p.s, start: from + m[0], end: from + m[1]}
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				found.group = p.s[from+m[i] : from+m[i+1]]
				break
			}
		}
		if !p.isCode(found.start) && f.accepts(found) {
			return run{found.start, found.end}, true
		}
		_, size := utf8.DecodeRuneInString(p.s[found.start:])
		from = found.start + size
	}
	return run{}, false
}

func (p plain) isCode(at int) bool {
	return slices.ContainsFunc(p.code, func(region run) bool { return region.start <= at && at < region.end })
}

var codeStart = regexp.MustCompile(`(?i)<(style|script)`)

// codeRegions returns the parts of a text between the tags of style sheets and
// scripts.
func codeRegions(s string) []run {
	var regions []run
	for from := 0; ; {
		m := codeStart.FindStringSubmatchIndex(s[from:])
		if m == nil {
			return regions
		}
		region := run{from + m[0], len(s)}
		close := "</" + text.Lower(s[from+m[2]:from+m[3]])
		if n := strings.Index(text.Lower(s[from+m[1]:]), close); n >= 0 {
			region.end = from + m[1] + n
		}
		regions = append(regions, region)
		from = region.end
	}
}

// before returns the text before the match.
func (m match) before() string { return m.s[:m.start] }

// after returns the text behind the match.
func (m match) after() string { return m.s[m.end:] }

func (m match) text() string { return m.s[m.start:m.end] }

// noneAround reports whether the characters directly before and after the
// match are in neither class. `X` in a class means ASCII letters and digits.
func (m match) noneAround(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(m.before())
	next, _ := utf8.DecodeRuneInString(m.after())
	return !(m.start > 0 && inClass(last, before)) && !(m.end < len(m.s) && inClass(next, after))
}

func inClass(r rune, class string) bool {
	return class != "" && (class[0] == 'X' && text.IsAlnum(r) || r != 'X' && strings.ContainsRune(class, r))
}

// line returns the line of the match: what is before and after it.
func (m match) line() (before, after string) {
	before, after = m.before(), m.after()
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	return before, after
}

// startsWith reports whether s begins with one of the prefixes in any case.
func startsWith(s string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if len(s) >= len(prefix) && text.Lower(s[:len(prefix)]) == prefix {
			return true
		}
	}
	return false
}

// isField reports whether a content names something that belongs there.
func isField(content string) bool { return isRequest(content) || hasFieldWords(content) }

// isRequest reports whether a content says what to write there.
func isRequest(content string) bool {
	return startsWith(strings.TrimLeft(content, " "), "e.g", "insert ", "inserte ", "enter ")
}

// hasFieldWords reports whether a content has words of fields only.
func hasFieldWords(content string) bool {
	found := false
	for _, word := range contentWords(content) {
		switch {
		case fieldNames[word]:
			found = true
		case !fieldFillers[word]:
			return false
		}
	}
	return found
}

// contentWords returns the words of a content in lower case.
func contentWords(s string) []string {
	var words []string
	start := -1
	previous := rune(0)
	for at, r := range s {
		isLetter := text.IsLetterRune(r)
		isCut := isLetter && 'A' <= r && r <= 'Z' && 'a' <= previous && previous <= 'z'
		if start >= 0 && (!isLetter || isCut) {
			words = append(words, text.Lower(s[start:at]))
			start = -1
		}
		if isLetter && start < 0 {
			start = at
		}
		previous = r
	}
	if start >= 0 {
		words = append(words, text.Lower(s[start:]))
	}
	return words
}

// isIdentifier reports whether a name is written as programs write names.
func isIdentifier(s string) bool { return strings.Contains(s, "_") || camelCase.MatchString(s) }

var camelCase = regexp.MustCompile(`[a-z][A-Z]`)

var salutation = regexp.MustCompile(`(?i)(?:hi|hello|hey|dear|hola|good morning|good afternoon|good evening|buenos dias|` +
	`buen dia|buenas tardes|buenas noches|estimado|estimada|querido|querida)$`)

// endsWithSalutation reports whether a salutation ends a text.
func endsWithSalutation(s string) bool { return endsWithWord(s, salutation) }

// endsWithWord reports whether a text ends with a match that no letter stands
// before.
func endsWithWord(s string, word *regexp.Regexp) bool {
	const longest = 16
	from := max(0, len(s)-longest)
	for at := from; at < len(s); at++ {
		m := word.FindStringIndex(s[at:])
		if m == nil {
			return false
		}
		begins := at + m[0]
		if r, _ := utf8.DecodeLastRuneInString(s[:begins]); begins == 0 || !text.IsLetterRune(r) {
			return true
		}
		at = begins
	}
	return false
}

// afterSalutation reports whether the match follows a salutation and spaces.
func (m match) afterSalutation() bool { return m.afterWord(salutation) }

// afterWord reports whether the match follows a word and spaces.
func (m match) afterWord(word *regexp.Regexp) bool {
	before := strings.TrimRight(m.before(), " ")
	return len(before) < m.start && endsWithWord(before, word)
}
