package roles

import (
	"maps"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/lexicon"
)

// Lexicon has what the words of a lexicon stand for, by the keys of this
// package. The zero value has no words.
type Lexicon struct {
	// terms and hints have the keys of roles by the compact forms of words.
	terms, hints map[string]string
	nicknames    map[string]nickname
	cities       map[string]bool
	codes        map[string]bool
	// states are by words, joined by spaces.
	states map[string]stateName

	longestTerm, longestCity int // in bytes, compact
	longestState             int // in words
}

// nickname is another name of places.
type nickname struct {
	places []place // none of them unwanted; all unknown
	// word reports that it means other things, too.
	word bool
}

// stateName is a way of writing a state.
type stateName struct {
	code string
	// short reports that it is one word other than the name.
	short bool
}

// NewLexicon compiles a lexicon.
func NewLexicon(from *lexicon.Lexicon) *Lexicon {
	l := &Lexicon{nicknames: map[string]nickname{}, cities: map[string]bool{}, codes: map[string]bool{}, states: map[string]stateName{}}
	l.addRoles(from)
	for _, state := range from.State {
		code := strings.ToLower(state.Code)
		l.codes[code] = true
		for i, name := range append([]string{state.Name}, state.Terms...) {
			words := wordsOf(name)
			key := joined(words, " ")
			if _, ok := l.states[key]; ok || key == "" {
				continue
			}
			l.states[key] = stateName{code, i > 0 && len(words) == 1}
			l.longestState = max(l.longestState, len(words))
		}
	}
	for _, city := range slices.Concat(from.City.Large, from.City.Small) {
		if key := placeOf(city).city; key != "" {
			l.cities[key] = true
			l.longestCity = max(l.longestCity, len(key))
		}
	}
	for _, n := range from.City.Nicknames {
		var places []place
		for _, s := range n.Places {
			places = append(places, placeOf(s))
		}
		for _, term := range n.Terms {
			key := cityKey(wordsOf(term))
			if _, ok := l.nicknames[key]; !ok && key != "" {
				l.nicknames[key] = nickname{places, slices.Contains(from.City.Words, term)}
				l.longestCity = max(l.longestCity, len(key))
			}
		}
	}
	return l
}

// addRoles adds the words that stand for one role: names before other terms.
func (l *Lexicon) addRoles(from *lexicon.Lexicon) {
	names, terms, hints := wordsOfRoles{}, wordsOfRoles{}, wordsOfRoles{}
	for _, r := range from.Role {
		key := Key(r.Name)
		names.add(key, r.Name)
		terms.add(key, r.Terms...)
		hints.add(key, r.Hints...)
	}
	l.terms, l.hints = terms.ofOneRole(), hints.ofOneRole()
	maps.Copy(l.terms, names.ofOneRole())
	for form := range l.terms {
		l.longestTerm = max(l.longestTerm, len(form))
	}
}

// wordsOfRoles has the key of a role by the compact form of words; several
// roles are "".
type wordsOfRoles map[string]string

func (all wordsOfRoles) add(role string, list ...string) {
	for _, s := range list {
		form := compact(Key(s))
		if other, ok := all[form]; ok && other != role {
			all[form] = ""
		} else {
			all[form] = role
		}
	}
}

func (all wordsOfRoles) ofOneRole() map[string]string {
	maps.DeleteFunc(all, func(form, role string) bool { return form == "" || role == "" })
	return all
}

// placeOf reads `Detroit, MI`, or the code of a state.
func placeOf(s string) place {
	if i := strings.LastIndex(s, ", "); i >= 0 {
		return place{city: cityKey(wordsOf(s[:i])), unknown: true, state: strings.ToLower(s[i+2:])}
	}
	return place{state: strings.ToLower(s)}
}

// stateKey returns the key of a document's state.
func (l *Lexicon) stateKey(state string) string {
	key := joined(wordsOf(state), " ")
	if known, ok := l.states[key]; ok && !l.codes[key] {
		return known.code
	}
	return key
}

func (l *Lexicon) isCode(w word) bool { return l.codes[w.string] }

// stateName returns the longest name of a state that begins words, and its
// length; a length of 0 means none.
func (l *Lexicon) stateName(words []word) (name stateName, length int) {
	for length = min(l.longestState, len(words)); length > 0; length-- {
		if name, ok := l.states[joined(words[:length], " ")]; ok {
			return name, length
		}
	}
	return name, 0
}
