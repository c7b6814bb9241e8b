package understand

import (
	"slices"
)

// Vocabulary is what documents have.
type Vocabulary struct {
	Roles  []string
	Places []Place
}

// Place is a pair of a city and a state, with its number of documents.
type Place struct {
	City, State string
	People      int64
}

// documentPlace is a place with what it is compared by.
type documentPlace struct {
	Place
	cityKey, code string
}

// Understander understands texts about documents.
type Understander struct {
	*Dictionary
	all      []*role // copies, with the values of the vocabulary
	extra    map[string]*meaning
	words    set
	spelling speller
	places   []documentPlace
	hasRoles bool
}

// New returns an understander of texts about documents with a vocabulary.
func New(d *Dictionary, v Vocabulary) *Understander {
	u := &Understander{Dictionary: d, extra: map[string]*meaning{}, words: set{}, spelling: speller{}}
	copies := map[*role]*role{}
	for _, r := range d.roles {
		c := *r
		copies[r] = &c
		u.all = append(u.all, &c)
	}
	u.original(copies)
	values := slices.Clone(v.Roles)
	slices.Sort(values)
	for _, value := range slices.Compact(values) {
		u.addRole(value, copies)
	}
	for _, p := range v.Places {
		u.addPlace(p)
	}
	return u
}

// original makes the related roles of copies copies.
func (u *Understander) original(copies map[*role]*role) {
	for _, r := range u.all {
		related := make([]*role, len(r.related))
		for i, other := range r.related {
			related[i] = copies[other]
		}
		r.related = related
	}
}

func (u *Understander) addRole(value string, copies map[*role]*role) {
	key := keyOf(value)
	if key == "" {
		return
	}
	u.hasRoles = true
	r := u.roleOf(value, key, copies)
	if r == nil {
		r = &role{name: value, key: key}
		u.all = append(u.all, r)
	}
	r.values = append(r.values, value)
	m := u.own(key)
	m.roles = with(m.roles, r)
	for _, t := range tokenise(value) {
		u.words[t.key] = true
		u.spelling.add(t, trade)
	}
}

func (u *Understander) roleOf(value, key string, copies map[*role]*role) *role {
	for _, r := range u.all {
		if r.key == key {
			return r
		}
	}
	if m := u.terms[key]; m != nil && len(m.roles) > 0 {
		return copies[m.roles[0]]
	}
	r := newReading(u, value)
	for _, e := range r.elements {
		if roles := e.roles; len(roles) > 0 {
			if c := copies[roles[0]]; c != nil {
				return c
			}
			return roles[0]
		}
	}
	return nil
}

func (u *Understander) addPlace(p Place) {
	code, ok := u.states[keyOf(p.State)]
	if !ok {
		code = p.State
	}
	for _, spelling := range spellings(p.City) {
		list := tokenise(spelling)
		if len(list) == 0 {
			continue
		}
		for _, t := range list {
			u.words[t.key] = true
			u.spelling.add(t, places)
		}
		m := u.own(keys(list))
		m.cities = with(m.cities, city{p.City, code})
	}
	u.places = append(u.places, documentPlace{p, cityKey(p.City), code})
}

// own returns the vocabulary's meaning of a key.
func (u *Understander) own(key string) *meaning {
	if u.extra[key] == nil {
		u.extra[key] = &meaning{}
	}
	return u.extra[key]
}

// meaning returns what a key means, or nil.
func (u *Understander) meaning(key string) *meaning {
	base, own := u.terms[key], u.extra[key]
	if own == nil {
		return base
	}
	if base == nil {
		return own
	}
	both := *base
	both.roles = slices.Clone(base.roles)
	for _, r := range own.roles {
		if !slices.ContainsFunc(both.roles, func(b *role) bool { return b.name == r.name }) {
			both.roles = append(both.roles, r)
		}
	}
	both.cities = append(slices.Clone(base.cities), own.cities...)
	return &both
}

// current returns a role with the vocabulary's values.
func (u *Understander) current(r *role) *role {
	for i, old := range u.Dictionary.roles {
		if old == r {
			return u.all[i]
		}
	}
	return r
}

func (u *Understander) knows(word string) bool { return u.known[word] || u.words[word] }

// knowsWord reports whether a folded word or its singular is one of a term or
// a list.
func (u *Understander) knowsWord(word string) bool { return u.knows(word) || u.knows(singular(word)) }

func (u *Understander) hasTerm(key string) bool { return u.terms[key] != nil || u.extra[key] != nil }

// firstName reports whether a token is a first name with which no term ends.
func (u *Understander) firstName(list []token, i int) bool {
	if !u.name.first[list[i].text] {
		return false
	}
	for start := i; start >= 0 && start > i-4; start-- {
		if u.hasTerm(keys(list[start : i+1])) {
			return false
		}
		if list[start].breaks {
			break
		}
	}
	return true
}

// correct corrects misspelled words.
func (u *Understander) correct(list []token) {
	for i := range list {
		t := &list[i]
		if u.firstName(list, i) || i > 0 && !t.breaks && u.firstName(list, i-1) {
			continue
		}
		if t.number || u.knows(t.key) || u.knows(t.text) || u.hasTerm(t.key) {
			continue
		}
		if u.short[t.text] != "" {
			continue
		}
		best, ok := u.Dictionary.spelling.nearest(*t)
		if c, found := u.spelling.nearest(*t); found && (!ok || compareCandidates(c, best) < 0) {
			best, ok = c, true
		}
		if ok {
			t.key, t.fixed = singular(best.word), true
		}
	}
}

// documents returns the vocabulary's places in a city that have people.
func (u *Understander) documents(c city) (found []documentPlace) {
	key := cityKey(c.name)
	for _, p := range u.places {
		if p.cityKey == key && p.code == c.state && p.People > 0 {
			found = append(found, p)
		}
	}
	return found
}
