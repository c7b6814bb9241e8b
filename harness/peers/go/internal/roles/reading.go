package roles

import (
	"slices"

	"lakehouse.invalid/peer/internal/understand"
)

// reading is a text with what is known of its words.
type reading struct {
	words []word
	known *Known
	// roles are the occurrences of known roles without words that are out.
	roles []occurrence
	cues  []cue
	out   []bool
	// inRole and inPlace mark the words that roles and places take.
	inRole, inPlace []bool
	places          []placed
	// negated has the words at which something that is not wanted begins.
	negated []int
}

// cue is where words ask for someone.
type cue struct {
	start, end int
	negated    bool
}

// read reads a text by the roles of documents, or by all that is known.
func (k *Known) read(s string, all bool) *reading {
	words := wordsOf(understand.ReadPart(s))
	r := &reading{words: words, known: k, roles: k.occurrences(words, all)}
	r.out, r.inRole, r.inPlace = make([]bool, len(words)), make([]bool, len(words)), make([]bool, len(words))
	r.findCues()
	r.dropOut()
	for _, o := range r.roles {
		mark(r.inRole, o.start, o.end)
	}
	r.findKnownPlaces()
	r.findNegations()
	r.dropOut()
	r.findUnknown()
	return r
}

func mark(marks []bool, start, end int) {
	for i := start; i < end; i++ {
		marks[i] = true
	}
}

// has reports whether a mark is set from start up to end.
func has(marks []bool, start, end int) bool { return slices.Contains(marks[start:end], true) }

func (r *reading) taken(i int) bool { return r.inRole[i] || r.inPlace[i] || r.out[i] }

// joins reports whether there is a word at i, without a break before it.
func (r *reading) joins(i int) bool { return i < len(r.words) && !r.words[i].broken }

// begins returns the end of the words of a list that begin at i, or 0.
func (r *reading) begins(i int, alone []string, long [][]string) int {
	for _, list := range long {
		if i+len(list) > len(r.words) {
			continue
		}
		same := func(w word, s string) bool { return w.string == s }
		if slices.EqualFunc(r.words[i:i+len(list)], list, same) {
			return i + len(list)
		}
	}
	if r.words[i].in(alone) {
		return i + 1
	}
	return 0
}

func (r *reading) cueAt(i int) int      { return r.begins(i, cueWords, longCues) }
func (r *reading) negationAt(i int) int { return r.begins(i, negations, longNegations) }

func (r *reading) inCue(i int) bool {
	return slices.ContainsFunc(r.cues, func(c cue) bool { return c.start <= i && i < c.end })
}

// findCues finds the cues, and what negated ones leave out.
func (r *reading) findCues() {
	var from []int
	wanted := map[int]bool{}
	for i := 0; i < len(r.words); i++ {
		end := r.cueAt(i)
		if end == 0 {
			continue
		}
		start, negated := r.negationOf(i)
		if negated {
			from = append(from, start)
		}
		wanted[i] = !negated
		r.cues = append(r.cues, cue{i, end, negated})
		i = end - 1
	}
	for _, start := range from {
		end := start + 1
		for end < len(r.words) && !r.words[end].broken && r.words[end].string != "but" && !wanted[end] {
			end++
		}
		mark(r.out, start, end)
	}
}

// negationOf returns the first word that negates the cue at i.
func (r *reading) negationOf(i int) (at int, ok bool) {
	for j := i - 1; j >= max(i-3, 0) && !r.words[j+1].broken; j-- {
		if r.words[j].in(notWords) {
			at, ok = j, true
		}
	}
	return at, ok
}

func (r *reading) dropOut() {
	r.roles = slices.DeleteFunc(r.roles, func(o occurrence) bool { return has(r.out, o.start, o.end) })
}

// findNegations finds the roles and places that other negations leave out.
func (r *reading) findNegations() {
	for i := range r.words {
		if r.out[i] {
			continue
		}
		start := r.negationAt(i)
		if start == 0 {
			continue
		}
		for r.joins(start) && r.words[start].in(behindNot) {
			start++
		}
		if !r.joins(start) {
			continue
		}
		r.negated = append(r.negated, start)
		role := r.roleAt(start)
		if role.role == "" && r.joins(start+1) {
			role = r.roleAt(start + 1)
		}
		if role.role != "" {
			r.negateRoles(role)
		} else if p := r.placeAt(start); p != nil {
			r.negatePlaces(p)
		}
	}
}

func (r *reading) negateRoles(o occurrence) {
	for o.role != "" {
		mark(r.out, o.start, o.end)
		o = r.roleAt(r.behindOr(o.end))
	}
}

func (r *reading) negatePlaces(p *placed) {
	for p != nil {
		for i := range p.places {
			p.places[i].unwanted = true
		}
		p = r.placeAt(r.behindOr(p.end))
	}
}

// behindOr returns the position behind a conjunction at i and the words
// skipped there, or that of the end.
func (r *reading) behindOr(i int) int {
	if i >= len(r.words) || !r.words[i].in(conjunctions) {
		return len(r.words)
	}
	for i++; i < len(r.words) && r.words[i].in(behindNot); i++ {
	}
	return i
}

// roleAt returns the longest role that begins at i.
func (r *reading) roleAt(i int) (longest occurrence) {
	for _, o := range r.roles {
		if o.start == i && o.end > longest.end {
			longest = o
		}
	}
	return longest
}

func (r *reading) placeAt(i int) *placed {
	for j := range r.places {
		if r.places[j].start == i {
			return &r.places[j]
		}
	}
	return nil
}
