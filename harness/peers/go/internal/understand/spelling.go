package understand

import (
	"cmp"
	"strings"
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
		c := candidate{distance(word, other), class, other}
		if c.distance <= limit && (!ok || compareCandidates(c, best) < 0) {
			best, ok = c, true
		}
	}
	return best, ok
}

// distance is the optimal string alignment of two words.
func distance(a, b string) int {
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
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
