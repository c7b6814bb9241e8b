package validate

import (
	"slices"
	"strings"

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
	one, two := []rune(c.key), []rune(other.key)
	shorter := min(len(one), len(two))
	switch {
	case shorter >= 10:
		return edits(one, two, 2)
	case shorter >= 5:
		return edits(one, two, 1)
	}
	return false
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

// edits reports whether at most this many edits lead from one text to another,
// by optimal string alignment.
func edits(a, b []rune, most int) bool {
	if max(len(a), len(b))-min(len(a), len(b)) > most {
		return false
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			best := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				best = min(best, rows[i-2][j-2]+1)
			}
			rows[i][j] = best
		}
	}
	return rows[len(a)][len(b)] <= most
}
