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
	for _, reading := range taggedReadings(s) {
		if p := placeholderIn(reading); p != "" {
			return p
		}
	}
	return ""
}

func placeholderIn(reading string) string {
	folded := text.NewPlain(reading)
	s := string(folded.Runes)
	p := plain{s, codeRegions(s), linesToSign(s)}
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
	// toSign are the lines that ask for a signature.
	toSign []run
}

// match is what a form's pattern found.
type match struct {
	plain
	start, end int
	// group is the first group that took part, or empty.
	group string
}

// first returns the first match of a form that begins before limit.
func (p plain) first(f form, limit int) (run, bool) {
	for at := 0; at < limit; at++ {
		length := strings.IndexAny(p.s[at:limit], f.starts)
		if length < 0 {
			break
		}
		at += length
		if f.begins != nil && !f.begins(p.s[:at]) || p.isCode(at) {
			continue
		}
		m := f.pattern.FindStringSubmatchIndex(p.s[at:])
		if m == nil {
			continue
		}
		found := match{plain: p, start: at, end: at + m[1]}
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				found.group = p.s[at+m[i] : at+m[i+1]]
				break
			}
		}
		if f.accepts(found) {
			return run{found.start, found.end}, true
		}
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

var salutations = []string{
	"hi", "hello", "hey", "dear", "hola", "good morning", "good afternoon", "good evening", "buenos dias", "buen dia",
	"buenas tardes", "buenas noches", "estimado", "estimada", "querido", "querida",
}

// endsWithWord reports whether a text ends with one of the words in any case,
// and no letter stands before it.
func endsWithWord(s string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		start := len(s) - len(word)
		return start >= 0 && text.Lower(s[start:]) == word && !endsWithLetter(s[:start])
	})
}

func endsWithLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s != "" && text.IsLetterRune(r)
}

// afterSalutation reports whether the match follows a salutation and spaces.
func (m match) afterSalutation() bool { return m.afterWord(salutations) }

// afterWord reports whether the match follows one of the words and spaces.
func (m match) afterWord(words []string) bool {
	before := strings.TrimRight(m.before(), " ")
	return len(before) < m.start && endsWithWord(before, words)
}
