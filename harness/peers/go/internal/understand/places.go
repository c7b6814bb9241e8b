package understand

import (
	"cmp"
	"slices"
	"strings"
)

// findPlaces decides which elements are places.
func (r *reading) findPlaces() {
	for i, e := range r.elements {
		if e.kind != isPlace {
			continue
		}
		if next := r.stateOf(i); next != nil {
			next.kind = ofCity
			e.found = r.withState(e, next)
		} else {
			e.found = r.alone(i)
		}
		if len(e.found) == 0 {
			e.kind = e.meaning.kind(false)
		}
	}
}

// stateOf returns the element that is the state of a city.
func (r *reading) stateOf(i int) *element {
	e := r.elements[i]
	all := slices.DeleteFunc(slices.Concat(e.cities, e.nickname), city.isState)
	if len(all) == 0 || i+1 == len(r.elements) {
		return nil
	}
	next := r.elements[i+1]
	if next.start != e.end || next.kind != isPlace || next.form == noState {
		return nil
	}
	pair := slices.ContainsFunc(all, func(c city) bool { return c.state == next.state })
	var is bool
	switch next.form {
	case stateName:
		is = pair || !strings.Contains(r.tokens[next.start].gap, ",")
	case stateCode:
		is = true
	case stateWord:
		is = r.capital(next) || pair && r.ends(next.end)
	}
	if is {
		return next
	}
	return nil
}

func (r *reading) capital(e *element) bool {
	small := func(t token) bool { return !t.capital }
	return r.lower && !slices.ContainsFunc(r.tokens[e.start:e.end], small)
}

func (r *reading) withState(e, state *element) []Found {
	all := slices.DeleteFunc(slices.Concat(e.cities, e.nickname), city.isState)
	at := slices.IndexFunc(all, func(c city) bool { return c.state == state.state })
	name := all[max(at, 0)].name
	text, how := r.named(e.start, state.end, "name")
	return []Found{r.place(city{name, state.state}, text, how)}
}

// named returns the text of tokens, and how it names something.
func (r *reading) named(start, end int, how string) (string, string) {
	list := r.tokens[start:end]
	if slices.ContainsFunc(list, func(t token) bool { return t.fixed }) {
		how = "spelling"
	}
	return words(list), how
}

// alone returns the places of an element without a state behind it.
func (r *reading) alone(i int) []Found {
	e := r.elements[i]
	cued := r.longestBefore(r.placeCue, e.start) > 0
	last := e.end == len(r.tokens)
	followed := i+1 < len(r.elements) && r.elements[i+1].start == e.end
	inhabited := r.inhabited(e.cities)
	text, how := r.named(e.start, e.end, "name")

	nickname := !e.guarded || r.capital(e) || cued && (r.ends(e.end) || followed) || last && e.start > 0
	if len(e.nickname) > 0 && len(inhabited) == 0 && nickname {
		_, how = r.named(e.start, e.end, "nickname")
		return r.placesOf(e.nickname, text, how)
	}
	within := slices.ContainsFunc(e.cities, func(c city) bool { return c.state == e.state })
	if len(e.cities) > 0 && (e.form == noState || within || len(inhabited) > 0) {
		if len(inhabited) > 0 {
			return r.placesOf(inhabited, text, how)
		}
		named := e.start > 0 && r.firstName(r.tokens, e.start-1)
		if cued || last && !named {
			return r.placesOf(e.cities[:1], text, how)
		}
		return nil
	}
	glued := e.start > 0 && r.tokens[e.start].gap == ""
	switch e.form {
	case stateName:
		return r.wholeState(e.state, text, how)
	case stateCode:
		if glued {
			return nil
		}
	case stateWord:
		word := r.lower && slices.Contains(r.strict, e.state)
		if glued || !r.ends(e.end) || !r.capital(e) && (!cued || word) {
			return nil
		}
	default:
		return nil
	}
	_, how = r.named(e.start, e.end, "code")
	return r.wholeState(e.state, text, how)
}

// inhabited returns the cities that have people, by their number.
func (r *reading) inhabited(cities []city) []city {
	people := map[string]int64{}
	var found []city
	for _, c := range cities {
		if _, seen := people[c.state]; seen {
			continue
		}
		var sum int64
		for _, p := range r.documents(c) {
			sum += p.People
		}
		if sum > 0 {
			people[c.state] = sum
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b city) int {
		return cmp.Or(cmp.Compare(people[b.state], people[a.state]), cmp.Compare(a.state, b.state))
	})
	return found
}

func (r *reading) placesOf(cities []city, text, how string) (found []Found) {
	for _, c := range cities {
		if c.isState() {
			found = append(found, r.wholeState(c.name, text, how)...)
		} else {
			found = append(found, r.place(c, text, how))
		}
	}
	return found
}

func (u *Understander) place(c city, text, how string) Found {
	f := Found{City: &c.name, State: orNil(c.state), Text: text, How: how}
	for _, p := range u.documents(c) {
		f.Values = with(f.Values, [2]string{p.City, p.State})
	}
	if len(f.Values) > 0 {
		f.City = &f.Values[0][0]
	}
	return f
}

func (u *Understander) wholeState(code, text, how string) []Found {
	f := Found{State: &code, Text: text, How: how}
	for _, p := range u.places {
		if p.code == code && p.People > 0 {
			f.Values = with(f.Values, [2]string{"", p.State})
		}
	}
	return []Found{f}
}

// finishPlaces leaves out states of which a city is wanted, too.
func finishPlaces(out *Understanding) {
	var states []string
	for _, f := range out.Places {
		if f.City != nil && f.State != nil {
			states = append(states, *f.State)
		}
	}
	out.Places = slices.DeleteFunc(out.Places, func(f Found) bool {
		return f.City == nil && slices.Contains(states, *f.State)
	})
}

// findUnlisted finds a place by a name that no list has.
func (r *reading) findUnlisted() {
	isFree := func(i int) bool { return r.at[i] == nil && !r.used[i] }
	for start := 1; start < len(r.tokens); start++ {
		if !isFree(start) || r.longestBefore(r.placeCue, start) == 0 {
			continue
		}
		end := start
		for end < min(start+3, len(r.tokens)) && isFree(end) && r.unknown(r.tokens[end]) && (end == start || !r.tokens[end].breaks) {
			end++
		}
		if end == start {
			continue
		}
		name := words(r.tokens[start:end])
		if end < len(r.tokens) {
			if e := r.at[end]; e != nil && e.kind == isPlace && e.start == end && isState(e.found) {
				e.found[0] = Found{City: &name, State: e.found[0].State, Text: words(r.tokens[start:e.end]), How: "unknown"}
				r.use(start, end)
				return
			}
		}
		other := func(e *element) bool { return e.kind == isPlace }
		if r.ends(end) && !slices.ContainsFunc(r.elements, other) {
			f := Found{City: &name, Text: name, How: "unknown"}
			r.elements = append(r.elements, &element{meaning: &meaning{}, start: start, end: end, kind: isPlace, found: []Found{f}})
			return
		}
	}
}

func isState(found []Found) bool {
	return !slices.ContainsFunc(found, func(f Found) bool { return f.City != nil })
}

func (r *reading) unknown(t token) bool {
	return !t.number && !r.knows(singular(t.text)) && !r.knows(t.text)
}
