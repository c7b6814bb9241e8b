package matrix

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
)

// person is who is looked up, and by what.
type person struct{ by, text string }

// piece is a part of a text between white space.
type piece struct {
	text  string
	comma bool // follows
}

const marks = `.,;:!?()[]{}"<>`

func piecesOf(s string) (list []piece) {
	for _, field := range strings.FieldsFunc(s, text.IsSpace) {
		start := strings.TrimLeft(field, marks)
		word := strings.TrimRight(start, marks)
		p := piece{strings.TrimSuffix(word, "'s"), strings.Contains(start[len(word):], ",")}
		if p.text != "" {
			list = append(list, p)
		}
	}
	return list
}

var (
	digit  = regexp.MustCompile(`[0-9]`)
	letter = regexp.MustCompile(`[A-Za-z]`)
	email  = regexp.MustCompile(`^[^@]+@[^@]+$`)
	phone  = regexp.MustCompile(`[0-9 ().+-]+`)
	others = regexp.MustCompile(`[^0-9]`)
)

// ids returns the pieces that are ids, as written and as ids.
func ids(pieces []piece, has func(id string) bool) (written, found []string) {
	for _, p := range pieces {
		if !digit.MatchString(p.text) || len(pieces) > 1 && !strings.ContainsAny(p.text, "-_") {
			continue
		}
		for _, id := range []string{p.text, text.Lower(p.text), upper(p.text)} {
			if has(id) {
				written, found = append(written, p.text), append(found, id)
				break
			}
		}
	}
	return written, found
}

// upper turns ASCII letters into capitals.
func upper(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// emails returns the e-mail addresses of a text.
func emails(pieces []piece) (list []string) {
	for _, p := range pieces {
		if email.MatchString(p.text) {
			list = append(list, p.text)
		}
	}
	return list
}

// phones returns the phone numbers of a text as written, and their last ten
// digits.
func phones(s string) (written, numbers []string) {
	for _, run := range phone.FindAllString(text.Fold(s), -1) {
		digits := others.ReplaceAllString(run, "")
		n := len(digits)
		if n == 10 || n == 11 && digits[0] == '1' || n == 13 && strings.HasPrefix(digits, "001") {
			written, numbers = append(written, strings.Trim(run, " ")), append(numbers, digits[n-10:])
		}
	}
	return written, numbers
}

// textsOf returns the texts of a member, or of its elements.
func textsOf(item *vectors.Item, member string) (list []string) {
	some(item, member, func(v rawjson.Value) bool {
		if v.Kind() == rawjson.String {
			list = append(list, v.Text())
		}
		return false
	})
	return list
}

// having is the condition that a member has one of some texts.
func having(member string, texts map[string]bool) condition {
	return func(item *vectors.Item) bool {
		return slices.ContainsFunc(textsOf(item, member), func(s string) bool { return texts[s] })
	}
}

// valuesOf returns the distinct texts of a member in all documents.
func valuesOf(corpora []*vectors.Index, member string) map[string]bool {
	values := map[string]bool{}
	for _, x := range corpora {
		for item := range x.Items() {
			for _, s := range textsOf(item, member) {
				values[s] = true
			}
		}
	}
	return values
}

// contacts returns the values of a member that pass a test.
func contacts(corpora []*vectors.Index, member string, is func(value string) bool) map[string]bool {
	values := valuesOf(corpora, member)
	maps.DeleteFunc(values, func(value string, _ bool) bool { return !is(value) })
	return values
}

// near returns the values whose keys are near an asked one, the nearest first.
func near(asked string, values map[string]bool, key func(value string) string) (list []string) {
	edits := map[string]int{}
	for value := range values {
		if n, ok := understand.Near(asked, key(value)); ok {
			edits[value] = n
		}
	}
	list = slices.SortedFunc(maps.Keys(edits), func(a, b string) int {
		return cmp.Or(cmp.Compare(edits[a], edits[b]), cmp.Compare(a, b))
	})
	return list[:min(len(list), 5)]
}

// called is the names in documents that a text asks for.
type called struct {
	text          string // the first run
	same, fitting map[string]bool
}

// namesIn finds the names of documents in a text.
func namesIn(u *understand.Understander, pieces []piece, known map[string]understand.Name) called {
	found := called{same: map[string]bool{}, fitting: map[string]bool{}}
	if len(pieces) > 12 {
		return found
	}
	for i := 0; i < len(pieces); {
		taken := 0
		for n := min(6, len(pieces)-i); n >= 2 && taken == 0; n-- {
			if found.take(u, pieces[i:i+n], known) {
				taken = n
			}
		}
		i += max(taken, 1)
	}
	return found
}

// take adds the names that a run of pieces asks for.
func (c *called) take(u *understand.Understander, run []piece, known map[string]understand.Name) (some bool) {
	var plain, punctuated []string
	for i, p := range run {
		plain = append(plain, p.text)
		if p.comma && i+1 < len(run) {
			p.text += ","
		}
		punctuated = append(punctuated, p.text)
	}
	asked := u.NameOf(strings.Join(punctuated, " "))
	if !asked.Whole() {
		return false
	}
	for value, name := range known {
		switch {
		case name.Joined() == asked.Joined():
			c.same[value] = true
		case u.Fits(asked, name):
			c.fitting[value] = true
		default:
			continue
		}
		some = true
	}
	if some && c.text == "" {
		c.text = strings.Join(plain, " ")
	}
	return some
}

// knownNames returns the names of documents.
func knownNames(u *understand.Understander, corpora []*vectors.Index) map[string]understand.Name {
	names := map[string]understand.Name{}
	for value := range valuesOf(corpora, "name") {
		if name := u.NameOf(value); name.Whole() {
			names[value] = name
		}
	}
	return names
}
