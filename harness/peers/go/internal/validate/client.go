package validate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// client is the name of a client, cut into its words without its legal form.
type client struct {
	name  string
	words []string
	key   string
}

var withoutMarks = strings.NewReplacer("™", "", "℠", "", "®", "", "©", "")

var clientMarks = strings.NewReplacer("'", "", ".", "", "&", " and ")

// legalForms are in lists of words.
var legalForms = func() [][]string {
	var forms [][]string
	for _, form := range strings.Fields("inc incorporated llc lc pllc ltd limited corp corporation co cos company " +
		"companies lp llp lllp plc pc pa gmbh ag kg kgaa ohg ug ev se sa sas sarl srl sl spa bv nv ab as asa oy oyj pty pte and") {
		forms = append(forms, []string{form})
	}
	for _, form := range []string{"sa de cv", "sapi de cv", "s de rl de cv", "s de rl", "gmbh and co kg"} {
		forms = append(forms, strings.Fields(form))
	}
	return forms
}()

func newClient(name string) client {
	folded := clientMarks.Replace(text.Fold(withoutMarks.Replace(name)))
	words := strings.FieldsFunc(folded, func(r rune) bool { return !text.IsLetterRune(r) && !text.IsDigit(r) })
	for len(words) > 1 {
		if words[0] == "the" {
			words = words[1:]
			continue
		}
		n := legalForm(words)
		if n == 0 {
			break
		}
		words = words[:len(words)-n]
	}
	return client{name, words, strings.Join(words, "")}
}

// legalForm returns the number of words of the longest legal form at the end,
// which leaves a word before it, or 0.
func legalForm(words []string) int {
	longest := 0
	for _, form := range legalForms {
		n := len(form)
		if n > longest && n < len(words) && slices.Equal(words[len(words)-n:], form) {
			longest = n
		}
	}
	return longest
}

// same reports whether two names are those of one client.
func (c client) same(other client) bool {
	if len(c.words) == 0 || len(other.words) == 0 {
		return text.Same(c.name, other.name)
	}
	return c.key == other.key
}

// takenFor reports whether an excluded client may be meant by another name.
func (c client) takenFor(other client) bool {
	n := len(c.words)
	if n > 0 && n <= len(other.words) && slices.Equal(other.words[:n], c.words) {
		return true
	}
	one, two := utf8.RuneCountInString(c.key), utf8.RuneCountInString(other.key)
	allowed := 2
	switch shorter := min(one, two); {
	case shorter < 5:
		return false
	case shorter < 10:
		allowed = 1
	}
	return max(one, two)-min(one, two) <= allowed && text.Edits(c.key, other.key) <= allowed
}

// near reports whether the words of one name stand in a row in the other.
func (c client) near(other client) bool {
	return isPartOf(c.words, other.words) || isPartOf(other.words, c.words)
}

func isPartOf(words, in []string) bool {
	if len(words) == 0 {
		return false
	}
	for i := 0; i+len(words) <= len(in); i++ {
		if slices.Equal(in[i:i+len(words)], words) {
			return true
		}
	}
	return false
}
