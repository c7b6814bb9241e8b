// Package names finds the names of people in texts.
package names

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// The number of words of a name that is searched for, and of a text that is
// compared with it.
const (
	minWords      = 2
	maxWords      = 8
	maxCandidates = 10
	// maxMiddle is that of a candidate with middle names.
	maxMiddle = 6
)

const minHandle = 7

// Word is a word of a folded text.
type Word struct {
	// Text has neither apostrophes nor a possessive.
	Text string
	// The word's offsets in the folded text.
	start, end int
}

// isInitial reports whether the word is one letter.
func (w Word) isInitial() bool {
	return len(w.Text) == 1 && 'a' <= w.Text[0] && w.Text[0] <= 'z'
}

// Words returns the words of a folded text.
func Words(folded string) []Word {
	var words []Word
	start, end := -1, -1
	flush := func() {
		if start >= 0 {
			words = append(words, Word{bare(folded[start:end]), start, end})
		}
		start = -1
	}
	for at, r := range folded {
		behind := at + utf8.RuneLen(r)
		switch {
		case text.IsWordRune(r):
			flush()
			words = append(words, Word{folded[at:behind], at, behind})
		case text.IsLetterRune(r):
			if start < 0 {
				start = at
			}
			end = behind
		case r != '\'':
			flush()
		}
	}
	flush()
	return words
}

func bare(word string) string {
	return strings.ReplaceAll(strings.TrimSuffix(word, "'s"), "'", "")
}

// Keys returns the keys by which a name is found.
func Keys(name string) []string {
	folded := text.Fold(name)
	words := Words(folded)
	var keys []string
	for _, form := range forms(folded, words) {
		for _, variant := range [][]string{form, withoutInitials(form)} {
			if len(variant) < minWords || len(variant) > maxWords {
				continue
			}
			keys = append(keys, strings.Join(variant, ""))
			for i := 1; i < len(variant); i++ {
				first, last := strings.Join(variant[:i], ""), strings.Join(variant[i:], "")
				keys = append(keys, last+","+first, last+first)
			}
		}
	}
	return keys
}

// forms returns the words of a name, with and without a nickname in quotes or
// parentheses.
func forms(folded string, words []Word) [][]string {
	all := textsOf(words)
	first, last, ok := nickname(folded, words)
	if !ok {
		return [][]string{all}
	}
	withoutIt := append(textsOf(words[:first]), all[last:]...)
	return [][]string{all, withoutIt, all[first:]}
}

// nickname returns which words stand between the first quotes or parentheses,
// when others stand before and after them.
func nickname(folded string, words []Word) (first, last int, ok bool) {
	open := strings.IndexAny(folded, "\"(")
	if open < 0 {
		return 0, 0, false
	}
	closing := "\""
	if folded[open] == '(' {
		closing = ")"
	}
	length := strings.Index(folded[open+1:], closing)
	if length < 0 {
		return 0, 0, false
	}
	for _, w := range words {
		if w.start < open {
			first++
		}
		if w.start < open+1+length {
			last++
		}
	}
	return first, last, first > 0 && first < last && last < len(words)
}

func textsOf(words []Word) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return texts
}

// withoutInitials leaves out the initials between the first and the last word.
func withoutInitials(form []string) []string {
	var kept []string
	for i, word := range form {
		if i == 0 || i == len(form)-1 || !(Word{Text: word}).isInitial() {
			kept = append(kept, word)
		}
	}
	return kept
}

// join is what stands between two neighbouring words.
type join int

const (
	apart join = iota
	joined
	comma
)

// Search calls visit with the key of each candidate in a folded text: at each
// word the longest first, until visit returns NextWord. It stops when visit
// returns Stop. Capitals are those bytes of the text that came from a capital.
func Search(folded string, capitals []bool, visit func(key string) Decision) {
	words := Words(folded)
	for i := range words {
		if searchAt(folded, capitals, words[i:], visit) == Stop {
			return
		}
	}
}

// searchAt tries the candidates that begin with the first of the words.
func searchAt(folded string, capitals []bool, words []Word, visit func(key string) Decision) Decision {
	joins := joinsFrom(folded, words)
	for n := len(joins) + 1; n >= minWords; n-- {
		if d := decide(folded, words[:n], joins, visit); d != Unknown {
			return d
		}
	}
	if isHandle(folded, words[0]) {
		if d := visit(words[0].Text); d != Unknown {
			return d
		}
	}
	for _, key := range keysWithoutMiddle(folded, capitals, words, joins) {
		if d := visit(key); d != Unknown {
			return d
		}
	}
	return Unknown
}

// isHandle reports whether a word is a person's name on a website.
func isHandle(folded string, w Word) bool {
	if w.start == 0 || utf8.RuneCountInString(w.Text) < minHandle {
		return false
	}
	switch folded[w.start-1] {
	case '#', '$', '/':
		return true
	case '@':
		if w.start == 1 {
			return true
		}
		before := folded[w.start-2]
		return !text.IsAlnum(before) && strings.IndexByte("._+-", before) < 0
	}
	return false
}

// noMiddleNames are words of prose and of last names.
var noMiddleNames = strings.Fields(`and or with for the of in on at by to from a an is as y e o u con para por en de del la
	el los las van von der den da di do dos das du le st saint san santa bin ibn al ter ten mac mc`)

// keysWithoutMiddle returns the keys of the candidates without one or two
// middle names, the longest candidate first.
func keysWithoutMiddle(folded string, capitals []bool, words []Word, joins []join) []string {
	joinedWords := 1
	for joinedWords < maxMiddle && joinedWords <= len(joins) && joins[joinedWords-1] == joined {
		joinedWords++
	}
	isMiddle := func(w Word) bool {
		_, size := utf8.DecodeRuneInString(folded[w.start:])
		second := w.start + size
		return capitals[w.start] && second < w.end && !capitals[second] && !slices.Contains(noMiddleNames, w.Text)
	}
	if joinedWords < 3 || !capitals[words[0].start] || !isMiddle(words[1]) {
		return nil
	}
	var keys []string
	for n := joinedWords; n >= 3; n-- {
		if !capitals[words[n-1].start] {
			continue
		}
		texts := textsOf(words[:n])
		keys = append(keys, texts[0]+strings.Join(texts[2:], ""))
		if n > 3 && isMiddle(words[2]) {
			keys = append(keys, texts[0]+strings.Join(texts[3:], ""))
		}
	}
	return keys
}

// Decision is what follows a candidate.
type Decision int

// Unknown tries the next candidate, NextWord those that begin at the next word.
const (
	Unknown Decision = iota
	NextWord
	Stop
)

func decide(folded string, words []Word, joins []join, visit func(key string) Decision) Decision {
	all := func(int) bool { return true }
	if d := visit(key(words, joins, all)); d != Unknown {
		return d
	}
	isDropped := func(i int) bool {
		w := words[i]
		isInner := i > 0 && i < len(words)-1 && w.isInitial()
		return isInner && (strings.HasPrefix(folded[w.end:], ".") || !strings.Contains("aeiouy", w.Text))
	}
	for i := range words {
		if isDropped(i) {
			return visit(key(words, joins, func(i int) bool { return !isDropped(i) }))
		}
	}
	return Unknown
}

// key joins the words that are kept.
func key(words []Word, joins []join, keeps func(i int) bool) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && joins[i-1] == comma {
			b.WriteByte(',')
		}
		if keeps(i) {
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

// joinsFrom returns how the first words are joined, as far as they can be a
// name.
func joinsFrom(folded string, words []Word) []join {
	var joins []join
	commas := 0
	for i := 0; i+1 < len(words) && len(joins) < maxCandidates-1; i++ {
		j := joinOf(folded, words[i], words[i+1])
		if j == comma {
			commas++
		}
		if j == apart || commas > 1 {
			break
		}
		joins = append(joins, j)
	}
	return joins
}

const maxGap = 8

func joinOf(folded string, before, after Word) join {
	gap := folded[before.end:after.start]
	switch gap {
	case "":
		// Only characters that are words have nothing between them.
		return joined
	case ".", "/":
		return joined
	}
	abbreviated := before.isInitial() || before.Text == "st" || before.Text == "ste"
	rest, dotted := strings.CutPrefix(gap, ".")
	if dotted && !abbreviated || len(rest) > maxGap {
		return apart
	}
	commas := 0
	for i := range len(rest) {
		switch {
		case rest[i] == ',':
			commas++
		case strings.IndexByte(" -_*+~\"'()|", rest[i]) < 0:
			return apart
		}
	}
	switch {
	case commas == 0:
		return joined
	case commas == 1 && (!dotted || before.isInitial()):
		return comma
	}
	return apart
}
