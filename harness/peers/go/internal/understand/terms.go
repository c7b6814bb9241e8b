// Package understand finds what a text asks for: roles, places, shifts,
// certificates, limits, and what is not wanted.
package understand

import (
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/lexicon"
	"lakehouse.invalid/peer/internal/text"
)

type set map[string]bool

// city is a city with its state's code.
type city struct{ name, state string }

// isState reports whether a nickname's place is a state by its code.
func (c city) isState() bool { return c.state == stateAlone }

// stateAlone is the state of a place that is a state.
const stateAlone = "*"

// cityKey is the key of a city's name with its first word spelled out.
func cityKey(name string) string {
	list := tokenise(name)
	if len(list) > 1 {
		if long, ok := longForm[list[0].text]; ok {
			return long + keys(list[1:])
		}
	}
	return keys(list)
}

var longForm = map[string]string{"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}

// spellings returns the ways of writing a city's name.
func spellings(name string) []string {
	all := []string{name}
	list := tokenise(name)
	if len(list) < 2 {
		return all
	}
	rest := " " + words(list[1:])
	for short, long := range longForm {
		switch list[0].text {
		case short:
			all = append(all, long+rest)
		case long:
			all = append(all, short+rest)
		}
	}
	return all
}

func readCity(s string) city {
	if i := strings.LastIndex(s, ", "); i >= 0 {
		return city{s[:i], s[i+2:]}
	}
	return city{s, stateAlone}
}

// The forms in which a term names a state.
type stateForm int

const (
	noState stateForm = iota
	stateName
	stateCode
	stateWord // a code that is also a word
)

type cue int

const (
	noCue cue = iota
	cueUnavailable
	cueAny    // availability
	cueAfter  // what is before it is optional
	cueBefore // what is behind it is optional
	cueNot
)

// meaning is what a term may mean.
type meaning struct {
	roles, hints []*role
	cities       []city
	nickname     []city
	guarded      bool // the nickname is also a word
	state        string
	form         stateForm
	certificate  string
	shift        string
	cue          cue
}

func (m *meaning) isPlace() bool {
	return len(m.cities) > 0 || len(m.nickname) > 0 || m.form != noState
}

type role struct {
	name, key string
	related   []*role
	values    []string
}

// Dictionary is a compiled lexicon.
type Dictionary struct {
	Lexicon   *lexicon.Lexicon
	terms     map[string]*meaning
	known     set
	spelling  speller
	roles     []*role
	states    map[string]string // codes by key
	strict    []string          // codes that are words of sentences
	numbers   map[string]int
	short     map[string]string // keys of what abbreviations stand for
	common    set
	filler    set
	join      set
	placeCue  set
	bounds    [4]set // in the order of their precedence
	mostAfter set
	lestAfter set
	year      set
	dollar    set
	hour      set
	per       set
	other     set
	month     set
	day       set
	client    struct{ before, after, never, end, verbs set }
	name      nameWords
}

// Load compiles the lexicon of a folder.
func Load(folder string) (*Dictionary, error) {
	l, err := lexicon.Load(folder)
	if err != nil {
		return nil, err
	}
	return compile(l), nil
}

func compile(l *lexicon.Lexicon) *Dictionary {
	d := &Dictionary{Lexicon: l, terms: map[string]*meaning{}, known: set{}, spelling: speller{}, states: map[string]string{}, numbers: map[string]int{}, short: map[string]string{}}
	byName := map[string]*role{}
	for _, r := range l.Role {
		made := &role{name: r.Name, key: keyOf(r.Name)}
		byName[r.Name] = made
		d.roles = append(d.roles, made)
		for _, term := range append([]string{r.Name}, r.Terms...) {
			m := d.term(term, trade)
			m.roles = with(m.roles, made)
		}
		for _, term := range r.Hints {
			m := d.term(term, trade)
			m.hints = with(m.hints, made)
		}
	}
	for _, r := range l.Role {
		for _, name := range r.Related {
			if other := byName[name]; other != nil {
				byName[r.Name].related = append(byName[r.Name].related, other)
			}
		}
	}
	d.addPlaces(l)
	for _, c := range l.Certificate {
		for _, term := range append(slices.Clone(c.Terms), c.Name) {
			if m := d.term(term, trade); m.certificate == "" {
				m.certificate = c.Name
			}
		}
	}
	for _, s := range l.Shift {
		for _, term := range s.Terms {
			if m := d.term(term, trade); m.shift == "" {
				m.shift = s.Value
			}
		}
	}
	for _, c := range []struct {
		terms []string
		cue   cue
	}{{l.Unavailable.Terms, cueUnavailable}, {l.AnyAvailability.Terms, cueAny}, {l.Optional.After, cueAfter}, {l.Optional.Before, cueBefore}, {l.Not.Terms, cueNot}} {
		for _, term := range c.terms {
			if m := d.term(term, noClass); m.cue == noCue {
				m.cue = c.cue
			}
		}
	}
	d.addLists(l)
	return d
}

func (d *Dictionary) addPlaces(l *lexicon.Lexicon) {
	d.strict = l.Words.Strict
	for _, s := range l.State {
		form := stateCode
		if slices.Contains(l.Words.Codes, s.Code) {
			form = stateWord
		}
		add := func(term string, form stateForm) {
			d.states[keyOf(term)] = s.Code
			if m := d.term(term, places); m.form == noState {
				m.state, m.form = s.Code, form
			}
		}
		for _, term := range append([]string{s.Name}, s.Terms...) {
			add(term, stateName)
		}
		add(s.Code, form)
	}
	for i, name := range append(slices.Clone(l.City.Large), l.City.Small...) {
		class := places
		if i >= len(l.City.Large) {
			class = noClass
		}
		c := readCity(name)
		for _, spelling := range spellings(c.name) {
			m := d.term(spelling, class)
			m.cities = append(m.cities, c)
		}
	}
	for _, n := range l.City.Nicknames {
		for _, term := range n.Terms {
			if m := d.term(term, places); m.nickname == nil {
				for _, place := range n.Places {
					m.nickname = append(m.nickname, readCity(place))
				}
				m.guarded = slices.Contains(l.City.Words, term)
			}
		}
	}
}

func (d *Dictionary) addLists(l *lexicon.Lexicon) {
	d.common, d.filler, d.join = d.list(l.Common.Words), d.list(l.Filler.Words), d.list(l.Filler.Join)
	d.placeCue = d.list(l.Place.Before)
	d.bounds = [4]set{d.list(l.Bound.Below), d.list(l.Bound.Most), d.list(l.Bound.Above), d.list(l.Bound.Least)}
	d.mostAfter, d.lestAfter = d.list(l.Bound.AfterMost), d.list(l.Bound.AfterLeast)
	u := &l.Units
	d.year, d.dollar, d.hour, d.per = d.list(u.Year), d.list(u.Dollar), d.list(u.Hour), d.list(u.Per)
	d.other, d.month, d.day = d.list(u.Other), d.list(u.Month), d.list(u.Day)
	d.list(u.DayPart)
	c := &l.Client
	d.client.before, d.client.after, d.client.never = d.list(c.Before), d.list(c.After), d.list(c.Never)
	d.client.end, d.client.verbs = d.list(c.End), d.list(c.Verbs)
	n := &l.Name
	d.name = nameWords{d.list(n.Before), folded(n.Particles), folded(n.Titles), folded(n.Suffixes), folded(n.First)}
	for word, long := range l.Abbreviations {
		d.short[text.Fold(word)] = keyOf(long)
	}
	for word, n := range l.Numbers {
		d.numbers[keyOf(word)] = n
		d.known[keyOf(word)] = true
	}
}

// term returns the meaning of a term, whose words become known.
func (d *Dictionary) term(term string, class class) *meaning {
	list := tokenise(term)
	for _, t := range list {
		d.known[t.key] = true
		d.spelling.add(t, class)
	}
	key := keys(list)
	m := d.terms[key]
	if m == nil {
		m = &meaning{}
		d.terms[key] = m
	}
	return m
}

// list returns the keys of entries, whose words become known.
func (d *Dictionary) list(entries []string) set {
	made := set{}
	for _, e := range entries {
		list := tokenise(e)
		made[keys(list)] = true
		for _, t := range list {
			d.known[t.key] = true
		}
	}
	return made
}

// with appends an item that a list does not have.
func with[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}
