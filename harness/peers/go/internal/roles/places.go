package roles

import (
	"cmp"
	"slices"
)

// maxCity is the maximum number of words of an unknown city.
const maxCity = 4

// Places are the places that a query names, in a fixed order.
type Places []place

// place is a city or a state, or both.
type place struct {
	city string // its key without spaces, or ""
	// unknown reports that no document has the city.
	unknown  bool
	state    string // its key, or ""
	unwanted bool
}

// placed is a place and its words.
type placed struct {
	place
	start, end int
}

// asked returns the places of a text.
func (r *reading) asked() (list Places) {
	for _, p := range r.places {
		list = append(list, p.place)
	}
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.city, b.city), cmp.Compare(a.state, b.state),
			compareBools(a.unknown, b.unknown), compareBools(a.unwanted, b.unwanted))
	})
	return slices.Compact(list)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Address is where a document is; a part is "" when it has none.
type Address struct{ City, State string }

// Elsewhere reports whether a document with that address is not where a query
// asks for it. A document without an address is where the query that it was
// recorded for, which recorded reads, asked for it.
func (p Places) Elsewhere(a Address, recorded func() Places) bool {
	if len(p) == 0 {
		return false
	}
	city, state := cityKey(wordsOf(a.City)), stateKey(a.State)
	if city != "" || state != "" {
		return p.exclude(city, state)
	}
	then := recorded()
	if slices.Equal(p, then) {
		return false
	}
	wanted := slices.DeleteFunc(slices.Clone(then), func(one place) bool { return one.unwanted })
	return len(wanted) != 1 || wanted[0].unknown || p.exclude(wanted[0].city, wanted[0].state)
}

// exclude reports whether a city and a state, of which one may be "", are not
// among the places.
func (p Places) exclude(city, state string) bool {
	var cities, states Places
	for _, one := range p {
		switch {
		case one.unwanted:
			if one.mayBe(city, state) {
				return true
			}
		case one.city != "":
			cities = append(cities, one)
		default:
			states = append(states, one)
		}
	}
	isState := func(one place) bool { return one.state == state }
	if len(cities) == 0 {
		return len(states) > 0 && !slices.ContainsFunc(states, isState)
	}
	return !slices.ContainsFunc(cities, func(one place) bool {
		if one.unknown || one.city != city {
			return false
		}
		if state == "" {
			return true
		}
		if one.state != "" {
			return one.state == state
		}
		return len(states) == 0 || slices.ContainsFunc(states, isState)
	})
}

// mayBe reports whether an unwanted place is, or could be, that of an address.
func (p place) mayBe(city, state string) bool {
	return !p.unknown && (p.city == "" || city == "" || p.city == city) &&
		(p.state == "" || state == "" || p.state == state)
}

func (r *reading) add(p placed) {
	mark(r.inPlace, p.start, p.end)
	r.places = append(r.places, p)
}

// findCities finds the cities of documents, with their states.
func (r *reading) findCities() {
	for i := 0; i < len(r.words); i++ {
		if p, ok := r.knownCity(i); ok {
			r.add(p)
			i = p.end - 1
		}
	}
}

func (r *reading) knownCity(i int) (p placed, ok bool) {
	end := r.known.cityAt(r.words, i)
	within := func(o occurrence) bool { return o.start <= i && end <= o.end }
	if end == 0 || has(r.out, i, end) || slices.ContainsFunc(r.roles, within) {
		return p, false
	}
	p.start, p.end = i, end
	if i > 0 && !r.words[i].broken && !r.out[i-1] && !r.inPlace[i-1] && slices.Contains(beforeCity, cityWord(r.words[i-1])) {
		p.start--
	}
	if r.joins(end) && !r.out[end] && slices.Contains(behindCity, cityWord(r.words[end])) {
		p.end++
	}
	p.unknown = p.start < i || p.end > end
	p.city = cityKey(r.words[p.start:p.end])
	if state, end := r.stateOfCity(p.end); state != "" {
		p.state, p.end = state, end
	}
	return p, true
}

// stateOfCity returns the state at i, directly behind a city, and its end.
func (r *reading) stateOfCity(i int) (state string, end int) {
	if i == len(r.words) {
		return "", 0
	}
	free := func(end int) bool { return !has(r.inRole, i, end) && !has(r.out, i, end) }
	if code, length := stateName(r.words[i:]); code != "" {
		if !free(i + length) {
			return "", 0
		}
		return code, i + length
	}
	w := r.words[i]
	if !isCode(w) || !free(i+1) {
		return "", 0
	}
	last := !r.joins(i+1) || w.string == "or" && r.words[i+1].startsWithDigit()
	if w.in(wordsBehindCity) && !w.acronym && !last {
		return "", 0
	}
	return w.string, i + 1
}

// findStates finds the states that are not those of a known city.
func (r *reading) findStates() {
	for i := 0; i < len(r.words); i++ {
		if state, end := r.stateAt(i); state != "" {
			r.add(placed{place{state: state}, i, end})
			i = end - 1
		}
	}
}

func (r *reading) stateAt(i int) (state string, end int) {
	if code, length := stateName(r.words[i:]); code != "" {
		end := i + length
		for j := i; j < end; j++ {
			if r.taken(j) {
				return "", 0
			}
		}
		if r.joins(end) {
			next := r.words[end]
			if next.string == "city" || slices.Contains(behindCity, cityWord(next)) || isCode(next) && next.string != code {
				return "", 0
			}
		}
		return code, end
	}
	w := r.words[i]
	if !isCode(w) || r.taken(i) || !r.codeCounts(i) {
		return "", 0
	}
	return w.string, i + 1
}

// codeCounts reports whether the code at i, which is not behind a city, is
// that of a state.
func (r *reading) codeCounts(i int) bool {
	w := r.words[i]
	if i > 0 && !w.broken && r.words[i-1].in(placePrepositions) {
		return w.string != "la" && (w.acronym || !w.in(wordsBehindPreposition))
	}
	last := !r.joins(i+1) || r.words[i+1].startsWithDigit() || r.words[i+1].in(ends)
	if !w.in(otherMeanings) {
		return w.acronym || last
	}
	if i == 0 || r.inCue(i-1) {
		return false
	}
	before := r.words[i-1]
	noun := !before.in(skipped) && !before.in(ends) && !before.isCount() && !before.in([]string{"or", "and", "of"})
	return w.acronym && last && noun
}

// findUnknown finds the cities that no document has.
func (r *reading) findUnknown() {
	for i := range r.words {
		if start, end := r.behindPreposition(i); start < end {
			r.addUnknown(start, end)
		}
	}
	for i := range r.words {
		if p := r.placeAt(i); p != nil && p.city == "" {
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
	capitals := slices.ContainsFunc(r.words[1:], func(w word) bool { return w.capitalised })
	return !capitals || w.capitalised && !w.acronym
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
	if p := r.placeAt(end); p != nil && p.city != "" && r.joins(end) {
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
	p := placed{place{city: cityKey(r.words[start:end]), unknown: true, unwanted: slices.Contains(r.negated, start)}, start, end}
	if state := r.placeAt(end); state != nil && state.city == "" {
		p.state, p.end = state.state, state.end
		r.places = slices.DeleteFunc(r.places, func(one placed) bool { return one.start == end })
	}
	r.add(p)
}
