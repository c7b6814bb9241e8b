package validate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// maxPasses is how often what was decoded is decoded again, the first time
// included.
const maxPasses = 4

// taggedReadings are the text as written and what each pass of decoding
// changed.
func taggedReadings(s string) []string {
	all := []string{s}
	for len(all) <= maxPasses {
		decoded := decode(s)
		if decoded == s {
			break
		}
		all = append(all, decoded)
		s = decoded
	}
	return all
}

// readings are what a text is searched in: as written, decoded, and the decoded
// ones without tags where they have some.
func readings(s string) []string {
	all := taggedReadings(s)
	tagged := all
	if len(tagged) > 1 {
		tagged = tagged[1:]
	}
	for _, reading := range tagged {
		if bare := withoutTags(reading); bare != reading {
			all = append(all, bare)
		}
	}
	return all
}

// foldedReadings returns the folded readings of s.
func foldedReadings(s string) []string {
	all := readings(s)
	for i, reading := range all {
		all[i] = text.Fold(reading)
	}
	return all
}

var (
	numericReference = regexp.MustCompile(`^&#(?:([0-9]+)|[xX]([0-9A-Fa-f]+));?`)
	namedReference   = regexp.MustCompile(`^&([A-Za-z]{2,7});`)
	letterReference  = regexp.MustCompile(`^([A-Za-z])(?:acute|grave|circ|tilde|uml|cedil|ring|caron|slash|strok)$`)
	percentEscapes   = regexp.MustCompile(`^(?:%[0-9A-Fa-f]{2})+`)
)

// decode replaces character references and percent-escapes, in one pass.
func decode(s string) string {
	if !strings.ContainsAny(s, "&%") {
		return s
	}
	var b strings.Builder
	for s != "" {
		next := strings.IndexAny(s, "&%")
		if next < 0 {
			break
		}
		b.WriteString(s[:next])
		s = s[next:]
		to, length := decodeStart(s)
		b.WriteString(to)
		s = s[length:]
	}
	b.WriteString(s)
	return b.String()
}

// decodeStart returns what the escape at the start of s becomes, and its
// length; the first character itself where there is none.
func decodeStart(s string) (string, int) {
	if s[0] == '%' {
		run := percentEscapes.FindString(s)
		if run == "" {
			return s[:1], 1
		}
		if decoded := unescape(run); utf8.Valid(decoded) {
			return string(decoded), len(run)
		}
		return run, len(run)
	}
	if m := numericReference.FindStringSubmatch(s); m != nil {
		number, base := m[1], 10
		if number == "" {
			number, base = m[2], 16
		}
		if n, err := strconv.ParseInt(number, base, 32); err == nil && n > 0 && utf8.ValidRune(rune(n)) {
			return string(rune(n)), len(m[0])
		}
		return s[:1], 1
	}
	if m := namedReference.FindStringSubmatch(s); m != nil {
		if to, ok := references[m[1]]; ok {
			return to, len(m[0])
		}
		if letter := letterReference.FindStringSubmatch(m[1]); letter != nil {
			return letter[1], len(m[0])
		}
	}
	return s[:1], 1
}

func unescape(run string) []byte {
	decoded := make([]byte, 0, len(run)/3)
	for i := 0; i < len(run); i += 3 {
		b, _ := strconv.ParseUint(run[i+1:i+3], 16, 8)
		decoded = append(decoded, byte(b))
	}
	return decoded
}

// references are the named character references.
var references = func() map[string]string {
	names := map[string]string{}
	for _, row := range []struct{ names, to string }{
		{"amp lt gt quot apos", `& < > " '`},
		{"shy zwnj zwj lrm rlm", ""},
		{"ndash mdash minus hyphen dash horbar", "-"},
		{"lsquo rsquo sbquo prime grave", "'"},
		{"ldquo rdquo bdquo", `"`},
		{"laquo raquo middot bull hellip", "« » · • ..."},
		{"period comma colon semi sol bsol lowbar commat", `. , : ; / \ _ @`},
		{"plus num ast equals percnt dollar excl quest vert", "+ # * = % $ ! ? |"},
		{"lpar rpar lsqb rsqb lbrack rbrack lcub rcub lbrace rbrace", "( ) [ ] [ ] { } { }"},
		{"aelig AElig oelig OElig szlig eth ETH thorn THORN inodot", "ae ae oe oe ss d d th th i"},
	} {
		to := strings.Fields(row.to)
		for i, name := range strings.Fields(row.names) {
			switch len(to) {
			case 0:
				names[name] = ""
			case 1:
				names[name] = to[0]
			default:
				names[name] = to[i]
			}
		}
	}
	for _, name := range strings.Fields("nbsp ensp emsp thinsp NewLine Tab") {
		names[name] = " "
	}
	return names
}()

const maxTag = 2000

// withoutTags removes comments and tags; tags of blocks become a space.
func withoutTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	var b strings.Builder
	for s != "" {
		next := strings.IndexByte(s, '<')
		if next < 0 {
			break
		}
		b.WriteString(s[:next])
		s = s[next:]
		if comment, ok := strings.CutPrefix(s, "<!--"); ok {
			_, s, _ = strings.Cut(comment, "-->")
			continue
		}
		name, length := tagStart(s)
		switch {
		case length == 0:
			b.WriteByte('<')
			length = 1
		case slices.Contains(blocks, name):
			b.WriteByte(' ')
		}
		s = s[length:]
	}
	b.WriteString(s)
	return b.String()
}

// tagStart returns the name and the length of the tag at the start of s; the
// length is 0 where there is none.
func tagStart(s string) (name string, length int) {
	inner := strings.TrimPrefix(s[1:], "/")
	if inner == "" || !text.IsLetter(inner[0]) {
		return "", 0
	}
	end := strings.IndexAny(inner, "<>")
	if end < 0 || inner[end] == '<' || utf8.RuneCountInString(inner[1:end]) > maxTag {
		return "", 0
	}
	return elementName(inner), len(s) - len(inner) + end + 1
}

// elementName returns the letters and digits at the start of s in lower case.
func elementName(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !text.IsAlnum(r) })
	if end < 0 {
		end = len(s)
	}
	return text.Lower(s[:end])
}

var blocks = strings.Fields("address article aside blockquote br caption center dd div dl dt fieldset figcaption " +
	"figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table tbody td tfoot th thead " +
	"title tr ul")
