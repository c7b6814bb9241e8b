package roles

import (
	"cmp"
	"slices"
)

// maxCity is the maximum number of words of an unknown city.
const maxCity = 4

// findUnknown finds the cities that no document has.
func (r *reading) findUnknown() {
	for i := range r.words {
		if start, end := r.behindPreposition(i); start < end {
			r.addUnknown(start, end)
		}
	}
	for i := range r.words {
		if p := r.placeAt(i); p != nil && p.state {
			r.addUnknown(r.beforeState(i), i)
		}
	}
	for _, o := range r.roles {
		end := o.end
		for end < o.end+maxCity && r.joins(end) && r.mayFollowRole(end) {
			end++
		}
		r.addUnknown(o.end, end)
	}
	for i := range r.words {
		r.addUnknown(i, r.cityOfLexicon(i))
	}
	slices.SortFunc(r.places, func(a, b placed) int { return cmp.Compare(a.start, b.start) })
}

// mayBeCity reports whether the word at i may be one of an unknown city.
func (r *reading) mayBeCity(i int) bool {
	w := r.words[i]
	return !r.taken(i) && r.cueAt(i) == 0 && r.negationAt(i) == 0 && !w.in(ends) && !w.in(skipped) && !w.in(times)
}

// mayFollowRole reports whether the word at i, behind a role, may be one of an
// unknown city.
func (r *reading) mayFollowRole(i int) bool {
	w := r.words[i]
	if !r.mayBeCity(i) || w.startsWithDigit() || w.isCount() || w.in(fillers) || w.in(behindRole) {
		return false
	}
	return !r.capitalisesNames() || w.capitalised && !w.acronym
}

// capitalisesNames reports whether the writer does.
func (r *reading) capitalisesNames() bool {
	return slices.ContainsFunc(r.words[1:], func(w word) bool { return w.capitalised })
}

// cityOfLexicon returns the end of the city of the lexicon that begins at i and
// stands alone, before a role, or at the end of the text; otherwise i.
func (r *reading) cityOfLexicon(i int) int {
	free := i
	for free < min(i+maxWords, len(r.words)) && !r.taken(free) && (free == i || r.joins(free)) {
		free++
	}
	lexicon := r.known.lexicon
	length := longestCity(r.words[i:free], lexicon.longestCity, func(key string) bool { return lexicon.cities[key] })
	end := i + length
	begins := i == 0 || !r.joins(i)
	if length == 0 || r.inClient(i, end) || !begins && r.words[i-1].in(beforeNoCity) {
		return i
	}
	if begins && !r.joins(end) {
		return end
	}
	small := func(w word) bool { return !w.capitalised }
	if r.capitalisesNames() && slices.ContainsFunc(r.words[i:end], small) {
		return i
	}
	next := end
	for r.joins(next) && r.words[next].isCount() {
		next++
	}
	isNext := func(o occurrence) bool { return o.start == next }
	if begins && r.joins(next) && slices.ContainsFunc(r.roles, isNext) || i > 0 && end == len(r.words) {
		return end
	}
	return i
}

// behindPreposition returns the words of an unknown city behind the
// preposition at i.
func (r *reading) behindPreposition(i int) (start, end int) {
	preposition := r.words[i]
	switch {
	case r.taken(i):
		return 0, 0
	case preposition.in(placePrepositions):
		start = i + 1
	case preposition.string == "cerca" && r.joins(i+1) && r.words[i+1].string == "de":
		start = i + 2
	default:
		return 0, 0
	}
	for r.joins(start) && (r.words[start].in(beforeUnknown) ||
		r.words[start].string == "the" && start+1 < len(r.words) && r.words[start+1].capitalised) {
		start++
	}
	end = start
	for end < start+maxCity && r.joins(end) && r.mayBeCity(end) && !r.words[end].startsWithDigit() {
		end++
	}
	if start == end || r.words[start].in(noCity) || preposition.string == "en" && r.words[start].in(spanishArticles) {
		return 0, 0
	}
	if p := r.placeAt(end); p != nil && !p.state && r.joins(end) {
		return 0, 0
	}
	return start, end
}

// beforeState returns the start of the unknown city before the state at i.
func (r *reading) beforeState(i int) int {
	start := i
	for start > 0 && i-start < maxCity && (start == i || !r.words[start].broken) {
		w := r.words[start-1]
		if !r.mayBeCity(start-1) || r.inCue(start-1) || w.startsWithDigit() || w.in(fillers) ||
			r.words[i].capitalised && !w.capitalised {
			break
		}
		start--
	}
	return start
}

// addUnknown adds an unknown city with the state directly behind it.
func (r *reading) addUnknown(start, end int) {
	if start == end {
		return
	}
	city := place{city: cityKey(r.words[start:end]), unknown: true, unwanted: slices.Contains(r.negated, start)}
	p := placed{start: start, end: end}
	if state := r.placeAt(end); state != nil && state.state {
		city.state, p.end = state.places[0].state, state.end
		r.places = slices.DeleteFunc(r.places, func(one placed) bool { return one.start == end })
	}
	p.places = []place{city}
	r.add(p)
}
