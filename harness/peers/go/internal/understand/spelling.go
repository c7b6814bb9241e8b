package understand

import (
	"cmp"
	"strings"

	"lakehouse.invalid/peer/internal/text"
)

// class is what a word belongs to. The lower one is preferred.
type class int

const (
	trade class = iota
	places
	noClass // no word is corrected to it
)

// speller has the words that others may be corrected to.
type speller map[string]class

func plain(word string, least int) bool {
	return len(word) >= least && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
}

func (s speller) add(t token, class class) {
	if class == noClass || t.number {
		return
	}
	for _, word := range [2]string{t.text, t.key} {
		if old, ok := s[word]; plain(word, 4) && (!ok || class < old) {
			s[word] = class
		}
	}
}

// candidate is a correction.
type candidate struct {
	distance int
	class    class
	word     string
}

func compareCandidates(a, b candidate) int {
	return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.class, b.class), cmp.Compare(a.word, b.word))
}

// nearest returns the best correction of a word, by its text or its key.
func (s speller) nearest(t token) (best candidate, ok bool) {
	best, ok = s.nearestTo(t.text)
	if other, found := s.nearestTo(t.key); found && (!ok || compareCandidates(other, best) < 0) {
		best, ok = other, true
	}
	return best, ok
}

func (s speller) nearestTo(word string) (best candidate, ok bool) {
	if !plain(word, 5) {
		return best, false
	}
	limit := 1
	if len(word) >= 8 {
		limit = 2
	}
	for other, class := range s {
		swapped := word[0] != word[1] && other[0] == word[1] && other[1] == word[0]
		if other[0] != word[0] && !swapped {
			continue
		}
		if diff := len(other) - len(word); diff > limit || -diff > limit {
			continue
		}
		c := candidate{text.Edits(word, other), class, other}
		if c.distance <= limit && (!ok || compareCandidates(c, best) < 0) {
			best, ok = c, true
		}
	}
	return best, ok
}
