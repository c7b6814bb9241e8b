package understand

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// nameWords are the lexicon's words about names. All but those before a name
// are compared by text.
type nameWords struct{ before, particles, titles, suffixes, first set }

func folded(words []string) set {
	made := set{}
	for _, word := range words {
		made[text.Fold(word)] = true
	}
	return made
}

// Name is the words by which the name of a person is compared.
type Name []string

// NameOf returns the name that a text is.
func (d *Dictionary) NameOf(s string) Name {
	var words []string
	comma := 0
	for _, t := range tokenise(s) {
		if comma == 0 && strings.Contains(t.gap, ",") {
			comma = len(words)
		}
		if !t.number {
			words = append(words, t.text)
		}
	}
	words = d.withoutSuffixes(words)
	if 0 < comma && comma < len(words) {
		words = d.withoutSuffixes(slices.Concat(words[comma:], words[:comma]))
	}
	for len(words) > 0 && d.name.titles[words[0]] {
		words = words[1:]
	}
	var name Name
	part := ""
	for i, word := range words {
		part += word
		if i == 0 || i == len(words)-1 || !d.name.particles[word] {
			name = append(name, part)
			part = ""
		}
	}
	return name
}

func (d *Dictionary) withoutSuffixes(words []string) []string {
	for len(words) > 0 && d.name.suffixes[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return words
}

// BeforeName reports whether a text is what stands before a name.
func (d *Dictionary) BeforeName(s string) bool { return d.name.before[keyOf(s)] }

// Whole reports whether there are words enough for a name.
func (n Name) Whole() bool { return len(n) > 1 }

// Joined returns the words without spaces; it is equal for the same names.
func (n Name) Joined() string { return strings.Join(n, "") }

// Fits reports whether an asked name fits a known one.
func (u *Understander) Fits(asked, known Name) bool {
	if len(asked) == 0 || len(known) == 0 || asked[0] != known[0] {
		return false
	}
	last := asked[len(asked)-1]
	if _, ok := besides(known, asked); ok && !initial(last) {
		return true
	}
	more, ok := besides(asked, known)
	return ok && last == known[len(known)-1] && len(more) == 1 &&
		(initial(more[0]) || u.name.first[more[0]] || !u.knowsWord(more[0]))
}

// besides returns the words of a name besides others, which must stand in it
// in their order.
func besides(name, others Name) (more []string, ok bool) {
	for _, word := range name {
		if len(others) > 0 && standsFor(word, others[0]) {
			others = others[1:]
		} else {
			more = append(more, word)
		}
	}
	return more, len(others) == 0
}

func standsFor(a, b string) bool {
	return a == b || initial(a) && strings.HasPrefix(b, a) || initial(b) && strings.HasPrefix(a, b)
}

func initial(word string) bool { return utf8.RuneCountInString(word) == 1 }

// Near returns the edits between two texts, if they are few.
func Near(asked, known string) (edits int, ok bool) {
	limit := 1
	if utf8.RuneCountInString(asked) >= 8 {
		limit = 2
	}
	edits = text.Edits(asked, known)
	return edits, edits <= limit
}

// findNames finds what may be the name of a person.
func (r *reading) findNames(out *Understanding) {
	for i := 0; i < len(r.tokens); {
		end, clear := i+2, r.ambiguousName(i)
		if !clear {
			end = r.strangeRun(i)
			clear = end > i && r.clearName(i, end)
		}
		if n := end - i; 2 <= n && n <= 6 && !r.workOutside(i, end) {
			out.Names = append(out.Names, PossibleName{words(r.tokens[i:end]), clear})
		}
		i = max(end, i+1)
	}
}

func (r *reading) afterNameCue(i int) bool { return r.longestBefore(r.name.before, i) > 0 }

// ambiguousName reports whether a first name, and a last name that is also a
// role or a place, begin at a token.
func (r *reading) ambiguousName(i int) bool {
	if !r.name.first[r.tokens[i].text] || r.used[i] || i+1 == len(r.tokens) {
		return false
	}
	last, e := r.tokens[i+1], r.at[i+1]
	if e == nil || e.start != i+1 || e.end != i+2 || e.unwanted || last.breaks {
		return false
	}
	inhabited := slices.ContainsFunc(e.found, func(f Found) bool { return len(f.Values) > 0 })
	switch e.kind {
	case isPlace:
		return !inhabited || r.afterNameCue(i)
	case isRole:
		return last.text == last.key && r.afterNameCue(i)
	}
	return false
}

// strangeRun returns the end of the run of words at a token that say nothing
// else.
func (r *reading) strangeRun(start int) int {
	first := r.tokens[start].text
	if !r.isRest(start) || r.knowsWord(first) && !r.name.first[first] {
		return start
	}
	end := start + 1
	for i := end; i < len(r.tokens) && !r.tokens[i].breaks; i++ {
		if r.isRest(i) {
			end = i + 1
		} else if !r.name.particles[r.tokens[i].text] {
			break
		}
	}
	return end
}

func (r *reading) clearName(start, end int) bool {
	if r.name.first[r.tokens[start].text] {
		return true
	}
	small := func(t token) bool { return !t.title && !r.name.particles[t.text] }
	return r.lower && !slices.ContainsFunc(r.tokens[start:end], small) && r.afterNameCue(start)
}

// workOutside reports whether a role or a certificate stands outside of a
// range of tokens.
func (r *reading) workOutside(start, end int) bool {
	return slices.ContainsFunc(r.elements, func(e *element) bool {
		work := e.kind == isRole || e.kind == isHint || e.kind == isCertificate
		return work && (e.start < start || e.start >= end)
	})
}
