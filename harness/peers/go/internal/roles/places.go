package roles

import (
	"cmp"
	"slices"
)

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

// placed are words and the places that they stand for: one, or all of a
// nickname.
type placed struct {
	places     []place
	start, end int
	// state reports that they are a state alone, by its name or code.
	state bool
}

// asked returns the places of a text.
func (r *reading) asked() (list Places) {
	for _, p := range r.places {
		list = append(list, p.places...)
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
func (k *Known) Elsewhere(p Places, a Address, recorded func() Places) bool {
	if len(p) == 0 {
		return false
	}
	city, state := cityKey(wordsOf(a.City)), k.lexicon.stateKey(a.State)
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

// findKnownPlaces finds the cities of documents and nicknames, with their
// states, and other states.
func (r *reading) findKnownPlaces() {
	for i := 0; i < len(r.words); i++ {
		if p, ok := r.knownPlace(i); ok {
			r.add(p)
			i = p.end - 1
		}
	}
	r.findStates()
}

func (r *reading) knownPlace(i int) (p placed, ok bool) {
	city := r.known.city(r.words[i:])
	nick, length := r.known.nickname(r.words[i:])
	if length > 0 && !r.nicknameCounts(nick, i, i+length) {
		length = 0
	}
	end := i + max(city, length)
	within := func(o occurrence) bool { return o.start <= i && end <= o.end }
	if end == i || has(r.out, i, end) || slices.ContainsFunc(r.roles, within) {
		return p, false
	}
	if length > city {
		return r.nicknamed(nick, i, end), true
	}
	return r.knownCity(i, end), true
}

// nicknameCounts reports whether a nickname is neither a part of the client's
// name nor just a word.
func (r *reading) nicknameCounts(n nickname, start, end int) bool {
	if r.inClient(start, end) {
		return false
	}
	first := r.words[start]
	article := first.string == "la" && !first.acronym && start > 0 && r.words[start-1].string == "en"
	if !n.word || r.behindPlacePreposition(start) && !article {
		return true
	}
	small := func(w word) bool { return !w.acronym }
	behindRole := func(o occurrence) bool { return o.end == start }
	return !slices.ContainsFunc(r.words[start:end], small) && (start == 0 || slices.ContainsFunc(r.roles, behindRole))
}

// inClient reports whether one of the words from start up to end names the
// client.
func (r *reading) inClient(start, end int) bool {
	client := r.client()
	return client.start < end && start < client.end
}

// nicknamed returns the places of a nickname, or those in the state behind it.
// If none is there, the nickname is the name of another city.
func (r *reading) nicknamed(n nickname, start, end int) placed {
	p := placed{places: slices.Clone(n.places), start: start, end: end}
	for i := range p.places {
		p.places[i].unknown = p.places[i].city != "" && !r.known.cities[p.places[i].city]
	}
	isCity := func(one place) bool { return one.city != "" }
	state, behind := r.stateOfCity(end)
	if state == "" || !slices.ContainsFunc(p.places, isCity) {
		return p
	}
	p.end = behind
	p.places = slices.DeleteFunc(p.places, func(one place) bool { return one.state != state })
	if len(p.places) == 0 {
		p.places = []place{{city: cityKey(r.words[start:end]), unknown: true, state: state}}
	}
	return p
}

// knownCity returns a known city with its state, or the other city that the
// words around it make of it.
func (r *reading) knownCity(i, end int) placed {
	p := placed{start: i, end: end}
	if i > 0 && !r.words[i].broken && !r.out[i-1] && !r.inPlace[i-1] && slices.Contains(beforeCity, cityWord(r.words[i-1])) {
		p.start--
	}
	if r.joins(end) && !r.out[end] && slices.Contains(behindCity, cityWord(r.words[end])) {
		p.end++
	}
	city := place{city: cityKey(r.words[p.start:p.end]), unknown: p.start < i || p.end > end}
	if state, end := r.stateOfCity(p.end); state != "" {
		city.state, p.end = state, end
	}
	p.places = []place{city}
	return p
}

// stateOfCity returns the state at i, directly behind a city, and its end.
func (r *reading) stateOfCity(i int) (state string, end int) {
	if i == len(r.words) {
		return "", 0
	}
	free := func(end int) bool { return !has(r.inRole, i, end) && !has(r.out, i, end) }
	if name, length := r.known.lexicon.stateName(r.words[i:]); length > 0 {
		if !free(i + length) {
			return "", 0
		}
		return name.code, i + length
	}
	w := r.words[i]
	if !r.known.lexicon.isCode(w) || !free(i+1) {
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
			r.add(placed{[]place{{state: state}}, i, end, true})
			i = end - 1
		}
	}
}

func (r *reading) stateAt(i int) (state string, end int) {
	if name, length := r.known.lexicon.stateName(r.words[i:]); length > 0 {
		end := i + length
		if name.short && !r.behindPlacePreposition(i) {
			return "", 0
		}
		for j := i; j < end; j++ {
			if r.taken(j) {
				return "", 0
			}
		}
		if r.joins(end) {
			next := r.words[end]
			if next.string == "city" || slices.Contains(behindCity, cityWord(next)) || r.known.lexicon.isCode(next) && next.string != name.code {
				return "", 0
			}
		}
		return name.code, end
	}
	w := r.words[i]
	if !r.known.lexicon.isCode(w) || r.taken(i) || !r.codeCounts(i) {
		return "", 0
	}
	return w.string, i + 1
}

// behindPlacePreposition reports whether the word at i stands directly behind
// a preposition of places.
func (r *reading) behindPlacePreposition(i int) bool {
	return i > 0 && r.joins(i) && r.words[i-1].in(placePrepositions)
}

// codeCounts reports whether the code at i, which is not behind a city, is
// that of a state.
func (r *reading) codeCounts(i int) bool {
	w := r.words[i]
	if r.behindPlacePreposition(i) {
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
